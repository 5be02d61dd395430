import type { LossSpec } from '#core/spec/losses'
import { binaryCrossEntropy, binaryCrossEntropyWithLogits } from './binary-terms'
import { classWeights } from './class-weights'
import { CrossEntropyLoss } from './cross-entropy-loss'
import { gaussianNll, klDivergence, poissonNll } from './distribution-terms'
import { ElementwiseLoss } from './elementwise-loss'
import type { Loss } from './loss'
import { MultiMarginLoss } from './multi-margin-loss'
import { NLLLoss } from './nll-loss'
import { absoluteError, huberError, smoothAbsoluteError, squaredError } from './regression-terms'

/**
 * The loss that the spec names, over rows of `width` outputs (for labels: the number of classes).
 * @throws ShapeError where the class weights do not fit the width
 */
export function lossOf(spec: LossSpec, width: number): Loss {
  switch (spec.type) {
    case 'CrossEntropyLoss':
      return new CrossEntropyLoss(spec, width)
    case 'NLLLoss':
      return new NLLLoss(spec, width)
    case 'MultiMarginLoss':
      return new MultiMarginLoss(spec, width)
    case 'BCEWithLogitsLoss': {
      const weight = classWeights(spec.weight, width, 'BCEWithLogitsLoss weight')
      const posWeight = classWeights(spec.posWeight, width, 'BCEWithLogitsLoss posWeight')
      return new ElementwiseLoss(
        binaryCrossEntropyWithLogits(weight, posWeight),
        spec.reduction,
        width,
      )
    }
    case 'BCELoss': {
      const weight = classWeights(spec.weight, width, 'BCELoss weight')
      return new ElementwiseLoss(binaryCrossEntropy(weight), spec.reduction, width)
    }
    case 'MSELoss':
      return new ElementwiseLoss(squaredError, spec.reduction, width)
    case 'L1Loss':
      return new ElementwiseLoss(absoluteError, spec.reduction, width)
    case 'SmoothL1Loss':
      return new ElementwiseLoss(smoothAbsoluteError(spec.beta), spec.reduction, width)
    case 'HuberLoss':
      return new ElementwiseLoss(huberError(spec.delta), spec.reduction, width)
    case 'KLDivLoss':
      return new ElementwiseLoss(klDivergence(spec.logTarget), spec.reduction, width)
    case 'GaussianNLLLoss': {
      const term = gaussianNll(spec.variance, spec.full, spec.eps)
      return new ElementwiseLoss(term, spec.reduction, width)
    }
    case 'PoissonNLLLoss': {
      const term = poissonNll(spec.logInput, spec.full, spec.eps)
      return new ElementwiseLoss(term, spec.reduction, width)
    }
  }
}
