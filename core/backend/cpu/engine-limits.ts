/* What an engine needs to know of a run before it reserves its memory. */
import type { Module } from '#core/nn/module'
import { BatchNorm1d } from '#core/nn/modules/batch-norm1d'
import type { Network } from '#core/nn/network'
import type { RunSpec } from '#core/spec/run-spec'

/** Rows that are worked off at a time; larger batches add up the gradients of several pieces. */
const LARGEST_PIECE = 512
/** Evaluation goes faster in pieces of at least this many rows. */
const SMALLEST_PIECE = 64

/** Cross entropy of plain class labels has a kernel of its own. */
export function isFastLoss({ loss }: RunSpec, classes: number): boolean {
  return (
    loss.type === 'CrossEntropyLoss' &&
    loss.weight === null &&
    loss.labelSmoothing === 0 &&
    (loss.ignoreIndex < 0 || loss.ignoreIndex >= classes) &&
    classes <= 128
  )
}

/** Rows that there must be room for: all of a batch where its rows depend on each other. */
export function capacityOf({ training }: RunSpec, images: number, network: Network): number {
  const batch = training.batchSize === 'full' ? images : Math.min(training.batchSize, images)
  const rows = network.layers.some((layer) => layer instanceof BatchNorm1d)
    ? batch
    : Math.min(batch, LARGEST_PIECE)
  return Math.max(rows, SMALLEST_PIECE)
}

/** Parameters that live in panels: weights and biases of linear layers. */
export function linearNames(root: Module): ReadonlySet<string> {
  const names = (module: Module): string[] => [
    ...module.children.flatMap(names),
    ...(module.type === 'Linear' ? module.parameters().map(({ name }) => name) : []),
  ]
  return new Set(names(root))
}
