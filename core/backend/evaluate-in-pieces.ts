import type { ImageSet } from '#core/data/dataset'
import type { Loss } from '#core/nn/losses/loss'
import { argmax } from '#core/nn/accuracy'
import type { Floats } from '#core/tensor/floats'
import type { Evaluation } from './backend'

/** Rows of one forward pass: more would not be faster and would hold more memory. */
export const EVALUATED_AT_ONCE = 500

/**
 * Evaluates a set in pieces that add up: `forward` returns [n, classes] for the images it is given. `indices` null: all
 * of the set.
 */
export function evaluateInPieces(
  { loss, classes }: { readonly loss: Loss; readonly classes: number },
  set: ImageSet,
  indices: Uint32Array | null,
  forward: (indices: Uint32Array) => Floats,
): Evaluation {
  const chosen = indices ?? Uint32Array.from({ length: set.count }, (_, i) => i)
  const labels = Uint8Array.from(chosen, (image) => set.labels[image] ?? 0)
  const divisor = loss.divisor({ kind: 'classes', labels }, chosen.length)
  const confusion = new Uint32Array(classes * classes)
  let total = 0
  for (let from = 0; from < chosen.length; from += EVALUATED_AT_ONCE) {
    const piece = chosen.subarray(from, from + EVALUATED_AT_ONCE)
    const pieceLabels = labels.subarray(from, from + EVALUATED_AT_ONCE)
    const output = forward(piece)
    total += loss.forward(output, { kind: 'classes', labels: pieceLabels }, piece.length, divisor)
    for (let row = 0; row < piece.length; row++) {
      const cell = (pieceLabels[row] ?? 0) * classes + argmax(output, row * classes, classes)
      confusion[cell] = (confusion[cell] ?? 0) + 1
    }
  }
  return { loss: total, count: chosen.length, confusion }
}
