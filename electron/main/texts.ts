/** The few words that main itself shows. */
export interface Texts {
  readonly app: string
  readonly file: string
  readonly edit: string
  readonly view: string
  readonly window: string
  readonly quit: string
  readonly close: string
  readonly undo: string
  readonly redo: string
  readonly cut: string
  readonly copy: string
  readonly paste: string
  readonly selectAll: string
  readonly reload: string
  readonly developerTools: string
  readonly actualSize: string
  readonly zoomIn: string
  readonly zoomOut: string
  readonly fullScreen: string
  readonly minimize: string
  finished(run: string): string
  failed(run: string): string
}

const en: Texts = {
  app: 'Gradient Workbench',
  file: 'File',
  edit: 'Edit',
  view: 'View',
  window: 'Window',
  quit: 'Quit',
  close: 'Close window',
  undo: 'Undo',
  redo: 'Redo',
  cut: 'Cut',
  copy: 'Copy',
  paste: 'Paste',
  selectAll: 'Select all',
  reload: 'Reload',
  developerTools: 'Developer tools',
  actualSize: 'Actual size',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fullScreen: 'Full screen',
  minimize: 'Minimize',
  finished: (run) => `${run}: training finished`,
  failed: (run) => `${run}: training failed`,
}

const zh: Texts = {
  app: '梯度工作台',
  file: '文件',
  edit: '编辑',
  view: '视图',
  window: '窗口',
  quit: '退出',
  close: '关闭窗口',
  undo: '撤销',
  redo: '重做',
  cut: '剪切',
  copy: '复制',
  paste: '粘贴',
  selectAll: '全选',
  reload: '重新加载',
  developerTools: '开发者工具',
  actualSize: '实际大小',
  zoomIn: '放大',
  zoomOut: '缩小',
  fullScreen: '全屏',
  minimize: '最小化',
  finished: (run) => `${run}：训练完成`,
  failed: (run) => `${run}：训练失败`,
}

/** For a locale such as "zh-CN" or "de"; English where there is no translation. */
export function textsFor(locale: string): Texts {
  return /^zh\b/i.test(locale) ? zh : en
}
