/* Forward and backward passes of segments as programs for a team. */
import type { ForwardContext } from '#core/nn/module'
import type { GradientUse } from './linear-kernels'
import type { PlainRunner } from './plain-runner'
import type { Program } from './program'
import { type LinearSegment, type Segment, trains } from './segments'

/**
 * What becomes of each layer's output and its gradient. arrays: they go to the plain modules, for drawings and for finding failures.
 * panels: all stay in panels at once, for `PanelGauge`.
 */
export type Capture = 'nothing' | 'arrays' | 'panels'

/** What a pass is made for. */
export interface PassOptions {
  readonly training: boolean
  readonly capture: Capture
  readonly runner: PlainRunner
  /** Of the batch at hand. */
  readonly context: () => ForwardContext
}

export function addForward(
  program: Program,
  segments: readonly Segment[],
  options: PassOptions,
): void {
  const { runner, context } = options
  for (const segment of segments) {
    switch (segment.kind) {
      case 'linear':
        addLinearForward(program, segment, options)
        break
      case 'plain':
        program.onLeader((n) => {
          runner.forward(segment, n, context())
        })
        break
      case 'kernel': {
        const { kernels, layer, input, output } = segment
        kernels.addForward(program, options.training)
        if (options.capture === 'arrays')
          program.onLeader((n) => {
            if (input !== null) layer.input = runner.read(input, n)
            layer.output = runner.read(output, n)
          })
        break
      }
      case 'residual': {
        addForward(program, segment.block, options)
        const inner = segment.block.at(-1)?.output
        const { input, output, layer } = segment
        program.onLeader((n) => {
          if (input === null || inner === undefined) return
          runner.add(input, inner, output, n)
          if (options.capture !== 'nothing') layer.output = runner.read(output, n)
        })
      }
    }
  }
}

function addLinearForward(
  program: Program,
  { kernels, linear, activation, input, output, front }: LinearSegment,
  { training, capture, runner }: PassOptions,
): void {
  kernels.addForward(program, training, capture !== 'nothing')
  if (capture === 'nothing') return
  if (capture === 'arrays')
    program.onLeader((n) => {
      if (input !== null) linear.input = runner.read(input, n)
      linear.output = runner.read(output, n)
    })
  if (activation === null) return
  if (capture === 'panels' && front !== null)
    program.onLeader((n) => {
      runner.copy(output, front.output, n)
    })
  kernels.activate(program)
  if (capture === 'arrays')
    program.onLeader((n) => {
      activation.input = linear.output
      activation.output = runner.read(output, n)
    })
}

/** Where a gradient stands: behind an activation, or already in front of it. */
export type GradientPlace = 'output' | 'product'

/** Adds the backward pass from the gradient in the last segment's `outputGradient`, which stands at `place`. */
export function addBackward(
  program: Program,
  segments: readonly Segment[],
  use: GradientUse,
  place: GradientPlace,
  options: PassOptions,
): void {
  const { runner, capture } = options
  let at = place
  let join = true
  const trained = segments.findIndex(trains)
  const captures = capture !== 'nothing'
  const lowest = captures || (segments[0]?.inputGradient ?? null) !== null ? 0 : trained
  for (const [i, segment] of [...segments.entries()].slice(lowest).toReversed()) {
    switch (segment.kind) {
      case 'linear': {
        const { kernels, linear, activation, outputGradient, front } = segment
        if (captures && activation !== null)
          program.onLeader((n) => {
            if (capture === 'arrays') activation.outputGradient = runner.read(outputGradient, n)
            else if (front !== null) runner.copy(outputGradient, front.outputGradient, n)
          })
        if (at === 'output') kernels.addDerivative(program, join)
        if (capture === 'arrays')
          program.onLeader((n) => {
            linear.outputGradient = runner.read(outputGradient, n)
          })
        kernels.addBackward(program, use, captures, join || (at === 'output' && captures))
        const below = segments[i - 1]
        at =
          !captures && below?.kind === 'linear' && below.activation !== null ? 'product' : 'output'
        join = false
        break
      }
      case 'plain':
        program.onLeader((n) => {
          runner.backward(segment, n)
        })
        at = 'output'
        join = true
        break
      case 'kernel': {
        const { kernels, layer, outputGradient } = segment
        if (capture === 'arrays')
          program.onLeader((n) => {
            layer.outputGradient = runner.read(outputGradient, n)
          })
        kernels.addBackward(program, join || captures)
        at = 'output'
        join = false
        break
      }
      case 'residual': {
        const { outputGradient, inputGradient, block, layer } = segment
        const last = block.at(-1)
        const first = block[0]
        if (last !== undefined)
          program.onLeader((n) => {
            if (captures) layer.outputGradient = runner.read(outputGradient, n)
            runner.copy(outputGradient, last.outputGradient, n)
          })
        addBackward(program, block, use, 'output', options)
        program.onLeader((n) => {
          if (inputGradient !== null && first?.inputGradient)
            runner.add(outputGradient, first.inputGradient, inputGradient, n)
        })
        at = 'output'
        join = true
      }
    }
  }
}
