import type { OptimizerSpecOf } from '#core/spec/optimizers'
import type { Floats } from '#core/tensor/floats'
import { lerp, rounding, slot, type OptimizerDefinition } from './definition'
import { newtonSchulzWorkspace, orthogonalize, type NewtonSchulzWorkspace } from './newton-schulz'

type MuonSpec = OptimizerSpecOf<'Muon'>

interface MuonWorkspace {
  /** The update, as long as the parameter. */
  readonly update: Float32Array
  readonly newtonSchulz: NewtonSchulzWorkspace
}

/**
 * torch.optim.Muon, for matrices. buf = lerp(buf, g, 1 - momentum); u = lerp(g, buf, momentum) with Nesterov, else buf;
 * p = p * (1 - lr * weightDecay) - adjusted * orthogonal(u). The decay uses the rate before it is adjusted to the shape.
 */
export const muon: OptimizerDefinition<MuonSpec, readonly [Floats], MuonWorkspace> = {
  slots: (_spec, shape) => [slot('momentum_buffer', shape)],

  update(spec, at) {
    const { value, grad, lr, weightDecay } = at
    const [buffer] = at.slots
    const { update, newtonSchulz } = at.workspace
    const round = rounding(value)
    const momentum = round(at.momentum ?? spec.momentum)
    const fresh = round(1 - (at.momentum ?? spec.momentum))
    for (let i = 0; i < value.length; i++) {
      const g = grad[i] as number
      buffer[i] = lerp(buffer[i] as number, g, fresh)
      const b = buffer[i] as number
      update[i] = spec.nesterov ? lerp(g, b, momentum) : b
    }
    orthogonalize(update, newtonSchulz, spec.nsCoefficients, spec.nsSteps, spec.eps)
    const rate = round(adjustedRate(spec, lr, at.shape))
    const shrink = round(1 - lr * weightDecay)
    for (let i = 0; i < value.length; i++) {
      value[i] = (value[i] as number) * shrink
      value[i] = (value[i] as number) - rate * (update[i] as number)
    }
  },
}

export function muonWorkspace([rows = 1, columns = 1]: readonly number[]): MuonWorkspace {
  return {
    update: new Float32Array(rows * columns),
    newtonSchulz: newtonSchulzWorkspace(rows, columns),
  }
}

function adjustedRate(
  spec: MuonSpec,
  lr: number,
  [rows = 1, columns = 1]: readonly number[],
): number {
  return spec.adjustLrFn === 'match_rms_adamw'
    ? lr * 0.2 * Math.sqrt(Math.max(rows, columns))
    : lr * Math.sqrt(Math.max(1, rows / columns))
}
