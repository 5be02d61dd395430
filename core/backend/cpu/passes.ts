/* Forward and backward passes of segments as programs for a team. */
import type { ForwardContext } from '#core/nn/module'
import type { GradientUse } from './linear-kernels'
import type { Program } from './program'
import { type LinearSegment, type PlainRunner, type Segment, trains } from './segments'

/** What a pass is made for. */
export interface PassOptions {
  readonly training: boolean
  /** Keep what each layer puts out (and its gradient) in the plain modules, for reports and for finding failures. */
  readonly capture: boolean
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
        if (options.capture)
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
          if (options.capture) layer.output = runner.read(output, n)
        })
      }
    }
  }
}

function addLinearForward(
  program: Program,
  { kernels, linear, activation, input, output }: LinearSegment,
  { training, capture, runner }: PassOptions,
): void {
  kernels.addForward(program, training, capture)
  if (!capture) return
  program.onLeader((n) => {
    if (input !== null) linear.input = runner.read(input, n)
    linear.output = runner.read(output, n)
  })
  if (activation === null) return
  kernels.activate(program)
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
  const lowest = capture || (segments[0]?.inputGradient ?? null) !== null ? 0 : trained
  for (const [i, segment] of [...segments.entries()].slice(lowest).toReversed()) {
    switch (segment.kind) {
      case 'linear': {
        const { kernels, linear, activation, outputGradient } = segment
        if (capture && activation !== null)
          program.onLeader((n) => {
            activation.outputGradient = runner.read(outputGradient, n)
          })
        if (at === 'output') kernels.addDerivative(program, join)
        if (capture)
          program.onLeader((n) => {
            linear.outputGradient = runner.read(outputGradient, n)
          })
        kernels.addBackward(program, use, capture, join || (at === 'output' && capture))
        const below = segments[i - 1]
        at =
          !capture && below?.kind === 'linear' && below.activation !== null ? 'product' : 'output'
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
        if (capture)
          program.onLeader((n) => {
            layer.outputGradient = runner.read(outputGradient, n)
          })
        kernels.addBackward(program, join || capture)
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
            if (capture) layer.outputGradient = runner.read(outputGradient, n)
            runner.copy(outputGradient, last.outputGradient)
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
