import type { Remedy, Verdict } from '#core/training/verdicts/verdict'
import { assignmentOf } from './describe-fix'

/** More assignments than this are no help on a command line. */
const MOST_ASSIGNMENTS = 3

/** What is wrong, where it was seen, and what to do: one line each. */
export function describeVerdict(verdict: Verdict): string {
  return [
    sentenceOf(verdict),
    ...verdict.remedies.map((remedy) => `  ${describeRemedy(remedy)}`),
  ].join('\n')
}

function sentenceOf(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'vanishing':
      return `The gradient vanishes: each layer passes on ${figure(verdict.factorPerLayer)} of it, and layer ${verdict.fromLayer} and those before it get less than a thousandth of what the last layer gets.`
    case 'exploding':
      return `The gradient explodes: it grows ${figure(verdict.factorPerLayer)}-fold from layer to layer towards the input, and layer ${verdict.fromLayer} and those before it get more than a thousand times what the last layer gets.`
    case 'deadUnits':
      return `${percent(verdict.share)} of the units of layer ${verdict.layer} are dead: they are off for every image of a batch and get no gradient that could change it.`
    case 'saturated':
      return `${percent(verdict.share)} of the outputs of layer ${verdict.layer} are saturated: they lie where the activation is flat and lets no gradient through.`
    case 'learningRateTooHigh': {
      const { firstLoss, highestLoss, presentLoss, updateRatio } = verdict.evidence
      const updates =
        updateRatio === null ? '' : `; the largest update was ${figure(updateRatio)} of its weights`
      return `The learning rate is too high: the loss began at ${figure(firstLoss)}, reached ${figure(highestLoss)} and stands at ${figure(presentLoss)}${updates}.`
    }
    case 'learningRateTooLow':
      return `The learning rate is too low: the loss stands still, and no step moves a layer by more than ${verdict.updateRatio.toExponential(1)} of its weights (about 1e-3 is healthy).`
    case 'overfitting':
      return `The net overfits: from epoch ${verdict.sinceEpoch} on the validation loss rises while the training loss falls.`
    case 'notANumber':
      return `Layer ${verdict.layer} (${verdict.layerType}) gave a value that is not a finite number at step ${verdict.step + 1}, operation ${verdict.operation}.`
  }
}

function describeRemedy({ kind, value, fixes }: Remedy): string {
  const assignments =
    fixes.length <= MOST_ASSIGNMENTS ? `: ${fixes.flatMap(assignmentOf).join(' ')}` : ''
  return `${adviceOf(kind, value ?? NaN)}${assignments}`
}

function adviceOf(kind: Remedy['kind'], value: number): string {
  switch (kind) {
    case 'useReLU':
      return 'Use ReLU with the init that suits it (kaiming_normal_)'
    case 'useLeakyReLU':
      return 'Use LeakyReLU, which never gives a unit up'
    case 'fitInit':
      return 'Use inits that suit the activations (kaiming_normal_ before ReLU, xavier_normal_ before tanh and sigmoid)'
    case 'resetBias':
      return 'Give the biases their usual init'
    case 'lowerRate':
      return `Lower the learning rate to ${value}`
    case 'raiseRate':
      return `Raise the learning rate to ${value}`
    case 'resetEps':
      return `Set eps to ${value}: without it a weight that had no gradient yet is moved by 0 / 0`
    case 'clipGradients':
      return `Clip the norm of the gradients at ${value}`
    case 'stopEarly':
      return `Stop ${value} epochs after the best one and keep that`
    case 'useMoreImages':
      return `Train on all ${value} images`
    case 'addDropout':
      return `Add dropout of ${value} after each hidden activation`
  }
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)))
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}
