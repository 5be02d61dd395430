import type { SpecFix } from './issue'
import { runSpecSchema, type RunSpec } from './run-spec'

/** The spec after a one-click fix. Throws ZodError where the fix itself is wrong. */
export function applyFix(spec: RunSpec, fix: SpecFix): RunSpec {
  switch (fix.kind) {
    case 'removeLayer':
      return {
        ...spec,
        model: { ...spec.model, layers: spec.model.layers.toSpliced(fix.index, 1) },
      }
    case 'set':
      return runSpecSchema.parse(withValue(spec, fix.path.split('.'), fix.value))
  }
}

function withValue(target: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (Array.isArray(target))
    return target.map((item: unknown, i) =>
      String(i) === key ? withValue(item, rest, value) : item,
    )
  const record: Record<string, unknown> = { ...(target as Record<string, unknown>) }
  record[key] = withValue(record[key], rest, value)
  return record
}
