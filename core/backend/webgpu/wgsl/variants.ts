import { type Piece, u32 } from './piece'

/** Parameters of the functions that a piece declares, by the ending of their names: { '': 'x: f32', Slope: 'x: f32, y: f32' }. */
export type Signatures = Readonly<Record<string, string>>

/**
 * One piece for all runs, of functions of numbers that each run has its own of: `make` writes one run's piece under a name. Where
 * the texts differ, the functions look which run it is.
 */
export function variantPiece<T>(
  name: string,
  ofRuns: readonly T[],
  signatures: Signatures,
  make: (own: T, name: string) => Piece,
): Piece {
  const texts = ofRuns.map((own) => make(own, name).code)
  const distinct = [...new Set(texts)]
  const pieces = distinct.map((text, i) => {
    const own = ofRuns[texts.indexOf(text)] as T
    return make(own, distinct.length === 1 ? name : `${name}_${i}`)
  })
  const [only] = pieces
  if (only !== undefined && pieces.length === 1) return only
  const numbers = texts.map((text) => u32(distinct.indexOf(text)))
  const functions = Object.entries(signatures).map(([ending, parameters]) => {
    const names = parameters.split(', ').map((parameter) => parameter.split(':')[0] ?? '')
    const cases = distinct.map(
      (_, i) =>
        `${i === 0 ? 'default' : `case ${u32(i)}`}: { return ${name}_${i}${ending}(${names.join(', ')}); }`,
    )
    return `fn ${name}${ending}(${parameters}) -> f32 {
  var numbers = ${name}Numbers;
  switch numbers[run] {
    ${cases.join('\n    ')}
  }
}`
  })
  return {
    uses: pieces,
    code: `
const ${name}Numbers = array<u32, ${numbers.length}>(${numbers.join(', ')});
${functions.join('\n')}`,
  }
}
