/** Depth profile: what the first weights do to the signal. */
export const depth = {
  depth: {
    view: 'Which figures',
    views: { now: 'this run', before: 'before training' },
    activations: 'variance of activations',
    gradients: 'variance of gradients',
    infinite: 'not finite',
    how: 'Variance of each layer’s outputs and of their gradients with the first weights, over 64 images.',
    aria: 'Variances of activations and gradients through {count} layers before training',
    activationsSingle: 'Activations: a single Linear layer, nothing to lose on the way.',
    gradientsSingle: 'Gradients: a single Linear layer, nothing to lose on the way.',
    activationsTrend: {
      keeps: 'Activations stay in a range that trains: ×{factor} from Linear to Linear.',
      shrinks: 'Activations vanish: ×{factor} from Linear to Linear.',
      grows: 'Activations explode: ×{factor} from Linear to Linear.',
      overflows: 'Activations leave the range of numbers.',
    },
    gradientsTrend: {
      keeps: 'Gradients stay in a range that trains: ×{factor} a Linear towards the input.',
      shrinks:
        'Gradients vanish: ×{factor} a Linear towards the input. The first layers will not learn.',
      grows:
        'Gradients explode: ×{factor} a Linear towards the input. The first steps will be too large.',
      overflows: 'Gradients leave the range of numbers.',
    },
  },
} as const
