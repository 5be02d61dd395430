/**
 * Everything that can be said against a run spec, in English; `{name}` stands for a value. The command line says these
 * sentences after the field's path; the window has them in Chinese as well and beside the field itself.
 */
export const problemTexts = {
  // What a field alone can get wrong.
  number: 'must be a number; found {found}',
  whole: 'must be a whole number; found {found}',
  atLeast: 'must be {limit} or more; found {found}',
  above: 'must be above {limit}; found {found}',
  atMost: 'must be {limit} or less; found {found}',
  below: 'must be below {limit}; found {found}',
  allowed: 'allowed: {values}; found {found}',
  unknownType: 'there is no {found} here; allowed: {values}',
  unknownFields: 'there is no field {names}; allowed: {values}',
  missing: 'is missing',
  wrongKind: 'is of the wrong kind; found {found}',
  tooLong: 'may have at most {limit} entries or letters',
  tooDeep: 'nested too deeply',
  version: 'this program reads version 1 of the run spec, found {found}',
  batchSize: 'must be a whole number >= 1, or "full"',

  // Fields of one class that do not agree.
  valSize: 'valSize must be smaller than trainSize: it is split off from those images',
  rreluBounds: 'lower must not be larger than upper',
  hardtanhBounds: 'minVal must be smaller than maxVal',
  uniformBounds: 'a must not be larger than b',
  truncatedBounds: 'a must be smaller than b',
  nesterov: 'Nesterov momentum requires a momentum > 0 and zero dampening',
  etas: 'must be two numbers with 0 < etas[0] < 1 < etas[1]: the shrinking and the growing factor',
  stepSizes:
    'must be two numbers with stepSizes[0] <= stepSizes[1]: the smallest and the largest step',
  noWeightDecay:
    'this optimizer has no weight decay: leave weightDecay out, or choose another optimizer',
  noGroups: 'must be empty: LBFGS has one rate for all parameters, as in torch',
  warmup: 'must be smaller than steps: the cosine needs at least one step after the warm-up',
  ascending: 'must be in ascending order',
  noSchedulers: 'must hold at least one scheduler',
  milestoneCount:
    'must have one entry fewer than schedulers: the position at which each next one takes over',
  mixedIntervals:
    'must not mix schedulers that step per batch (CyclicLR, OneCycleLR) with ones that step per epoch',

  // Layers and their widths.
  tooManyParameters: 'at most {limit} parameters; found {found}',
  gluWidth: 'GLU halves the width, so it needs an even one; found {found}',
  preluWidth: 'must be 1 or the width that comes in, {width}; found {found}',
  residualWidth:
    'a residual block adds its input to its output, so it must end with {width} features; found {found}',
  singleImage:
    'BatchNorm1d needs more than 1 image in a batch: raise the batch size, or use LayerNorm',
  singleImageLeft:
    'BatchNorm1d needs more than 1 image in a batch, and the last batch of an epoch holds 1 ({images} images in batches of {batch}): drop the last batch, or change the batch size',

  // The device.
  cpuOnly:
    '{optimizer} runs on the CPU only: choose another optimizer, or the device "auto" or "cpu"',
  cpuAverages:
    'averages of a net with BatchNorm1d are computed on the CPU only: use LayerNorm, or the device "auto" or "cpu"',

  // The data and the loss.
  trainSize: 'must be at most {limit}, the training images of {data}; found {found}',
  inFeatures: 'must be {pixels}, the pixels of an image of {data}; found {found}',
  outputs: 'the model must end with {classes} outputs, one a class; found {found}',
  classWeights: 'needs {classes} numbers, one a class; found {found}',
  noClassWeight: 'at least one class must have a weight above 0: with none the loss is 0 / 0',
  ignoredImage:
    '{loss} divides by the weights of the images in a batch, and a batch of 1 image of a class that does not count is 0 / 0, as in torch: take larger batches, or the reduction "sum"',
  doubleSoftmax:
    '{loss} expects plain outputs (logits); after {layer} gradients become small and learning slows down or stops. Remove the {layer} layer',
  doubleLogSoftmax:
    '{loss} expects plain outputs (logits); after {layer} it changes nothing. Remove the {layer} layer',
  lossInput: '{loss} expects the outputs of {wanted}, found {layer}: end the model with {usual}',
  lossInputOrOther:
    '{loss} expects the outputs of {wanted}, found {layer}: end the model with {usual}, or use {other}, which has it built in',
  notProbabilities:
    '{loss} takes probabilities from 0 to 1, and {layer} gives any number, which torch refuses too: end the model with {usual}, or use {other}, which has it built in',
  notPositive:
    'with logInput off the outputs are rates, and the logarithm of a negative one is no number: end the model with {usual}, or switch logInput on',
  logTarget: 'the labels are given as probabilities 0 and 1, not as their logarithms',

  // The optimizer.
  rpropBatches:
    'Rprop compares the signs of two gradients in a row, which with mini-batches differ by chance: set the batch size to "full"',
  lbfgsBatches:
    'LBFGS measures curvature between two gradients, which with mini-batches is mostly noise: set the batch size to "full"',
  lbfgsDropout:
    'LBFGS evaluates the same loss several times a step and compares the values, {layer} changes it at random: remove the layer, or choose another optimizer',
  zeroRate: "a learning rate of 0 changes no weight; torch's default for {optimizer} is {usual}",
  muonGroup:
    'Muon updates weight matrices only, so this override matches nothing: move it to optimizer.others.paramGroups',
  groupLayer: 'layer {layer} has nothing to train; layers that have: {layers}',

  // The scheduler.
  noMomentum:
    '{scheduler} moves momentum, and {optimizer} has neither momentum nor betas: switch cycleMomentum off, or choose another optimizer',
  momentumFromZero:
    '{scheduler} trains with momentum, though optimizer.momentum is 0: switch cycleMomentum off to train without',
  ownRates:
    '{scheduler} gives all parameters the same rate, so the rate of optimizer.paramGroups.{index} is not used',
  cycleTooShort: 'the cycle has {total} steps, the run takes {run}: leave it empty to fit the run',
  cycleTooLong:
    'the cycle has {total} steps and the run ends after {run}, before the rate has come down: leave it empty to fit the run',
  riseOfOneStep:
    'with {total} steps the rise takes exactly one, where torch divides by zero: choose a larger value',
  cycleDownFirst: 'is smaller than baseLr ({baseLr}), so every cycle goes down first',
  noMonitor:
    'there is no {monitor} without validation images: set dataset.valSize (5000 is usual), or watch trainLoss',
  fallingIsBetter: 'takes a falling {monitor} for an improvement: "max" is meant',
  risingIsBetter: 'takes a rising {monitor} for an improvement: "min" is meant',
  cosineRises:
    'the rate rises again after {tMax} of {epochs} epochs, as torch has it: set tMax to the number of epochs for one fall',

  // The training.
  noStep:
    'an epoch has {images} images, fewer than one batch, and the last batch is dropped, so no step is taken: keep the last batch, or make batches smaller',
  neverAveraged:
    'the run ends after {epochs} epochs, so nothing is ever averaged: start at {start}',
} as const
