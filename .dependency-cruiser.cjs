/** The import rules between the rooms. ARCHITECTURE.md shows the same rules as a picture. */

/** Inside core/, a room may import itself and the rooms listed here. */
const coreRooms = {
  tensor: [],
  spec: ['tensor'],
  nn: ['tensor', 'spec'],
  optim: ['tensor', 'spec'],
  data: ['tensor', 'spec'],
  machine: ['tensor', 'spec'],
  backend: ['tensor', 'spec', 'nn', 'optim', 'data'],
  training: ['tensor', 'spec', 'nn', 'optim', 'data', 'backend'],
  contract: ['tensor', 'spec', 'nn', 'optim', 'data', 'machine', 'backend', 'training'],
}

module.exports = {
  forbidden: [
    {
      name: 'core-stands-alone',
      comment: 'core/ may use core/ and zod, nothing else: no Vue, no Electron, no Node',
      severity: 'error',
      from: { path: '^core/' },
      to: { pathNot: ['^core/', 'node_modules/zod/'] },
    },
    ...Object.entries(coreRooms).map(([room, allowed]) => ({
      name: `core-${room}-imports-down`,
      comment: 'inside core: tensor <- spec, nn, optim, data <- backend <- training <- contract',
      severity: 'error',
      from: { path: `^core/${room}/` },
      to: { path: '^core/', pathNot: [room, ...allowed].map((name) => `^core/${name}/`) },
    })),
    {
      name: 'renderer-is-sandboxed',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: ['^electron/', 'node_modules/electron/', '^test/'] },
    },
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'electron-knows-no-ui',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: ['^renderer/', '^test/', 'node_modules/(vue|pinia|vue-i18n|chart.js)/'] },
    },
    {
      name: 'only-main-and-preload-import-electron',
      comment:
        'trainer, probe and command line also run under plain Node; start.mjs asks it for its binary',
      severity: 'error',
      from: { path: '^electron/', pathNot: '^electron/((main|preload)/|start[.]mjs$)' },
      to: { path: 'node_modules/electron/' },
    },
    {
      name: 'preload-is-thin',
      severity: 'error',
      from: { path: '^electron/preload/' },
      to: { path: '^electron/', pathNot: '^electron/preload/' },
    },
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
}
