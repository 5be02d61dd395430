import { describe, expect, it } from 'vitest'
import { applyFix } from '#core/spec/apply-fix'
import { firstWorkspace, parseProjectText } from '../../../renderer/workspace/workspace-document'
import { specIssues } from '../../../renderer/workspace/spec-issues'

describe('a project file', () => {
  it('comes back as it was saved', () => {
    const parsed = parseProjectText(JSON.stringify(firstWorkspace()))
    expect(parsed).toEqual({ ok: true, value: firstWorkspace() })
  })

  it('may be a bare run spec', () => {
    const parsed = parseProjectText(JSON.stringify(firstWorkspace().spec))
    expect(parsed.ok && parsed.value.spec).toEqual(firstWorkspace().spec)
  })

  it('is refused with the path, what was found and what is allowed', () => {
    const document = structuredClone<object>(firstWorkspace())
    const text = JSON.stringify(document).replace('"lr":0.001', '"lr":-1')
    const parsed = parseProjectText(text)
    expect(parsed.ok).toBe(false)
    expect(parsed.ok ? [] : parsed.error).toEqual([
      {
        kind: 'field',
        path: 'spec.optimizer.lr',
        problem: { kind: 'atLeast', values: { limit: '0', found: '-1' } },
      },
    ])
  })

  it('is refused where it is no JSON', () => {
    expect(parseProjectText('{"spec": ').ok).toBe(false)
  })
})

describe('the first workspace', () => {
  it('is the starter with a validation set and nothing to complain about', () => {
    const { spec } = firstWorkspace()
    expect(spec.name).toBe('starter')
    expect(spec.dataset.valSize).toBe(5000)
    expect(specIssues(spec)).toEqual([])
  })
})

describe('issues', () => {
  it('an output that is not ten wide is cured by its fix', () => {
    const { spec } = firstWorkspace()
    const layers = spec.model.layers.map((layer) =>
      layer.type === 'Linear' ? { ...layer, outFeatures: 12 } : layer,
    )
    const wrong = { ...spec, model: { ...spec.model, layers } }
    const [issue] = specIssues(wrong)
    expect(issue?.path).toBe('model.layers.2.outFeatures')
    expect(issue?.fix).toBeDefined()
    if (issue?.fix !== undefined) expect(specIssues(applyFix(wrong, issue.fix))).toEqual([])
  })
})
