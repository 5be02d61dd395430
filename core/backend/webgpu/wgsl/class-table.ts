import { f32 } from './piece'

/** fn NAME(c) -> f32: a number for each class; 1 where there are none. */
export function classTable(name: string, numbers: readonly number[] | null): string {
  if (numbers === null) return `fn ${name}(c: u32) -> f32 { return 1.0; }`
  return `const ${name}Table = array<f32, ${numbers.length}>(${numbers.map(f32).join(', ')});
fn ${name}(c: u32) -> f32 { var table = ${name}Table; return table[c]; }`
}
