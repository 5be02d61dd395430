import type { OptimizerSpecOf } from '#core/spec/optimizers'
import type { Floats, MakeFloats } from '#core/tensor/floats'
import { addScaled, dot, maxAbs, scale, subtract, sumAbs } from './flat-vector'
import type { Parameter } from './parameter'
import { checkTensors, exportTensors, importTensors, OptimStateError } from './state'
import type { OptimState, StateTarget } from './state'
import { strongWolfe } from './strong-wolfe'

/** One pair of the history: the change of the gradient, the step that made it, and 1 / (y · s). */
interface Pair {
  readonly y: Floats
  readonly s: Floats
  readonly ro: number
}

/**
 * torch.optim.LBFGS over all parameters as one flat vector. Each step evaluates the loss several times, so it takes a closure;
 * the loss must be the same function every time (full batch, no dropout). Allocates a few vectors a step: against the passes
 * over the whole batch that is nothing.
 */
export class Lbfgs {
  readonly baseLrs: readonly number[]
  readonly #spec: OptimizerSpecOf<'LBFGS'>
  readonly #parameters: readonly Parameter[]
  readonly #make: MakeFloats
  readonly #size: number
  #pairs: Pair[] = []
  #direction: Floats
  #previousGrad: Floats
  #stepLength = 0
  #hessianScale = 1
  #previousLoss = 0
  #iterations = 0
  #evaluations = 0

  constructor(spec: OptimizerSpecOf<'LBFGS'>, parameters: readonly Parameter[], make: MakeFloats) {
    this.#spec = spec
    this.#parameters = parameters
    this.#make = make
    this.#size = parameters.reduce((sum, { value }) => sum + value.length, 0)
    this.baseLrs = [spec.lr]
    this.#direction = make(this.#size)
    this.#previousGrad = make(this.#size)
  }

  /** closure: writes the gradients at the parameters' current values and returns the loss. Returns the loss before the step. */
  step(lr: number, closure: () => number): number {
    const evaluations = this.evaluations(lr)
    let next = evaluations.next()
    while (next.done !== true) next = evaluations.next(closure())
    return next.value
  }

  /**
   * The same step for a caller who cannot evaluate synchronously: at each yield the caller writes the gradients at the parameters'
   * current values and passes the loss to next(). Returns the loss before the step.
   */
  *evaluations(lr: number): Generator<undefined, number, number> {
    const { maxIter, toleranceGrad, toleranceChange, lineSearchFn } = this.#spec
    const maxEval = this.#spec.maxEval ?? Math.floor((maxIter * 5) / 4)
    const firstLoss = yield
    let loss = firstLoss
    let evaluations = 1
    this.#evaluations += 1
    let grad = this.#gatherGrad()
    if (maxAbs(grad) <= toleranceGrad) return firstLoss

    for (let round = 1; round <= maxIter; round++) {
      this.#iterations += 1
      const isFirst = this.#iterations === 1
      if (isFirst) scale(-1, grad, this.#direction)
      else this.#turn(grad)
      this.#previousGrad.set(grad)
      this.#previousLoss = loss
      this.#stepLength = isFirst ? Math.min(1, 1 / sumAbs(grad)) * lr : lr
      const slope = dot(grad, this.#direction)
      if (slope > -toleranceChange) break

      let spent = 0
      if (lineSearchFn === null) {
        this.#move(this.#stepLength)
        if (round !== maxIter) {
          loss = yield
          grad = this.#gatherGrad()
          spent = 1
        }
      } else {
        const found = yield* strongWolfe(
          this.#evaluateFrom(this.#parameters.map(({ value }) => value.slice())),
          this.#stepLength,
          this.#direction,
          loss,
          grad,
          slope,
          1e-9,
          maxEval - evaluations,
        )
        loss = found.loss
        grad = found.grad
        spent = found.evaluations
        this.#stepLength = found.t
        this.#move(this.#stepLength)
      }
      evaluations += spent
      this.#evaluations += spent
      if (round === maxIter || evaluations >= maxEval || maxAbs(grad) <= toleranceGrad) break
      if (maxAbs(this.#direction) * Math.abs(this.#stepLength) <= toleranceChange) break
      if (Math.abs(loss - this.#previousLoss) < toleranceChange) break
    }
    return firstLoss
  }

  /** Tensors "d", "prev_flat_grad", "old_dirs.0", "old_stps.0" ...; numbers under torch's names, "ro.0" ... among them. */
  exportState(): OptimState {
    const numbers: Record<string, number> = {
      func_evals: this.#evaluations,
      n_iter: this.#iterations,
      t: this.#stepLength,
      H_diag: this.#hessianScale,
      prev_loss: this.#previousLoss,
    }
    for (const [i, { ro }] of this.#pairs.entries()) numbers[`ro.${i}`] = ro
    return { tensors: exportTensors(this.#targets(this.#pairs)), numbers }
  }

  /** Throws OptimStateError, and changes nothing, where the state is that of another optimizer or model. */
  importState(state: OptimState): void {
    const pairs: Pair[] = []
    for (
      let ro = state.numbers['ro.0'];
      ro !== undefined;
      ro = state.numbers[`ro.${pairs.length}`]
    ) {
      pairs.push({ y: this.#make(this.#size), s: this.#make(this.#size), ro })
    }
    const { func_evals, n_iter, t, H_diag, prev_loss } = state.numbers
    if (
      func_evals === undefined ||
      n_iter === undefined ||
      t === undefined ||
      H_diag === undefined ||
      prev_loss === undefined
    ) {
      throw new OptimStateError('the state lacks a number of LBFGS')
    }
    const targets = this.#targets(pairs)
    checkTensors(state, targets)
    importTensors(state, targets)
    this.#pairs = pairs
    this.#evaluations = func_evals
    this.#iterations = n_iter
    this.#stepLength = t
    this.#hessianScale = H_diag
    this.#previousLoss = prev_loss
  }

  /** Takes the last step into the history and sets the new direction, -H · grad, by the two-loop recursion. */
  #turn(grad: Floats): void {
    const y = this.#make(this.#size)
    const s = this.#make(this.#size)
    subtract(grad, this.#previousGrad, y)
    scale(this.#stepLength, this.#direction, s)
    const ys = dot(y, s)
    if (ys > 1e-10) {
      if (this.#pairs.length === this.#spec.historySize) this.#pairs.shift()
      this.#pairs.push({ y, s, ro: 1 / ys })
      this.#hessianScale = ys / dot(y, y)
    }
    const q = this.#direction
    scale(-1, grad, q)
    const alphas: number[] = []
    for (const { y, s, ro } of this.#pairs.toReversed()) {
      const alpha = dot(s, q) * ro
      addScaled(q, -alpha, y)
      alphas.unshift(alpha)
    }
    scale(this.#hessianScale, q, q)
    for (const [i, { y, s, ro }] of this.#pairs.entries()) {
      addScaled(q, (alphas[i] ?? 0) - dot(y, q) * ro, s)
    }
  }

  #evaluateFrom(start: readonly Floats[]) {
    const move = (t: number) => {
      this.#move(t)
    }
    const gather = () => this.#gatherGrad()
    const parameters = this.#parameters
    return function* evaluateAt(
      t: number,
    ): Generator<undefined, { loss: number; grad: Floats }, number> {
      move(t)
      const loss = yield
      const grad = gather()
      for (const [i, { value }] of parameters.entries()) value.set(start[i] ?? value)
      return { loss, grad }
    }
  }

  /** parameters += t * direction */
  #move(t: number): void {
    let offset = 0
    for (const { value } of this.#parameters) {
      addScaled(value, t, this.#direction.subarray(offset, offset + value.length))
      offset += value.length
    }
  }

  #gatherGrad(): Floats {
    const flat = this.#make(this.#size)
    let offset = 0
    for (const { grad } of this.#parameters) {
      flat.set(grad, offset)
      offset += grad.length
    }
    return flat
  }

  #targets(pairs: readonly Pair[]): StateTarget[] {
    const shape = [this.#size]
    return [
      { name: 'd', shape, data: this.#direction },
      { name: 'prev_flat_grad', shape, data: this.#previousGrad },
      ...pairs.flatMap(({ y, s }, i) => [
        { name: `old_dirs.${i}`, shape, data: y },
        { name: `old_stps.${i}`, shape, data: s },
      ]),
    ]
  }
}
