import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const repository = dirname(import.meta.dirname)

/** One planted violation for each rule: file, and what it must not import. */
const planted: Readonly<Record<string, readonly [file: string, content: string]>> = {
  'core-stands-alone': ['core/spec/a.ts', "import 'vue'"],
  'core-tensor-imports-down': ['core/tensor/b.ts', "import '../spec/leaf'"],
  'core-spec-imports-down': ['core/spec/b.ts', "import '../nn/leaf'"],
  'core-nn-imports-down': ['core/nn/b.ts', "import '../optim/leaf'"],
  'core-optim-imports-down': ['core/optim/b.ts', "import '../nn/leaf'"],
  'core-data-imports-down': ['core/data/b.ts', "import '../nn/leaf'"],
  'core-machine-imports-down': ['core/machine/b.ts', "import '../nn/leaf'"],
  'core-backend-imports-down': ['core/backend/b.ts', "import '../training/leaf'"],
  'core-training-imports-down': ['core/training/b.ts', "import '../contract/leaf'"],
  'core-contract-imports-down': ['core/contract/b.ts', "import '../export/leaf'"],
  'renderer-is-sandboxed': ['renderer/a.ts', "import '../electron/trainer/leaf'"],
  'renderer-has-no-node': ['renderer/b.ts', "import 'node:fs'"],
  'electron-knows-no-ui': ['electron/trainer/a.ts', "import 'vue'"],
  'only-main-and-preload-import-electron': ['electron/trainer/b.ts', "import 'electron'"],
  'preload-is-thin': ['electron/preload/a.ts', "import '../trainer/leaf'"],
  'nobody-imports-tests': ['renderer/c.ts', "import '../test/leaf'"],
  'no-cycles': ['core/tensor/c.ts', "import './c2'"],
  'no-unresolved': ['core/tensor/d.ts', "import './nowhere'"],
}

const leaves = [
  'tensor/leaf',
  'spec/leaf',
  'nn/leaf',
  'optim/leaf',
  'training/leaf',
  'contract/leaf',
  'export/leaf',
].map((name) => `core/${name}.ts`)

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rooms-'))
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'), 'junction')
  for (const name of ['.dependency-cruiser.cjs', 'package.json'])
    cpSync(join(repository, name), join(folder, name))
  const files = [
    ...Object.values(planted),
    ...[...leaves, 'electron/trainer/leaf.ts', 'test/leaf.ts'].map((file) => [file, ''] as const),
    ['core/tensor/c2.ts', "import './c'"] as const,
  ]
  for (const [file, content] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), `${content}\nexport {}\n`)
  }
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

function violations(): readonly { readonly rule: string; readonly from: string }[] {
  const cruiser = join(repository, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const output = execFileSync(
    process.execPath,
    [cruiser, '--output-type', 'json', 'core', 'electron', 'renderer', 'test'],
    { cwd: folder, encoding: 'utf8' },
  )
  const report = JSON.parse(output) as {
    summary: { violations: readonly { from: string; rule: { name: string } }[] }
  }
  return report.summary.violations.map(({ from, rule }) => ({ rule: rule.name, from }))
}

test('every import rule catches a violation that is planted for it', () => {
  const found = violations()
  for (const [rule, [file]] of Object.entries(planted))
    expect(found, rule).toContainEqual({ rule, from: file })
})

test('every import rule has a planted violation', () => {
  const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
    forbidden: readonly { name: string }[]
  }
  expect(config.forbidden.map(({ name }) => name).sort()).toEqual(Object.keys(planted).sort())
})
