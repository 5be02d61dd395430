import type { Messages } from './messages'
import { bench } from './zh-cn/bench'
import { depth } from './zh-cn/depth'
import { forms } from './zh-cn/forms'
import { gloss } from './zh-cn/gloss'
import { machine } from './zh-cn/machine'
import { pages } from './zh-cn/pages'
import { problems } from './zh-cn/problems'
import { shell } from './zh-cn/shell'
import { trials } from './zh-cn/trials'

/** 与 en.ts 的键一一对应；PyTorch 的名称不翻译，只在旁边加注。 */
export const zhCn: Messages = {
  ...shell,
  ...bench,
  ...pages,
  ...machine,
  ...gloss,
  ...trials,
  ...problems,
  ...forms,
  ...depth,
}
