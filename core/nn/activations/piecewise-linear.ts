import type { ElementwiseActivation } from './elementwise'

/** max(0, x); derivative 0 at 0. */
export const relu: ElementwiseActivation = {
  forward: (x) => (x <= 0 ? 0 : x),
  derivative: (x) => (x <= 0 ? 0 : 1),
}

/** x above 0, slope * x elsewhere; derivative `slope` at 0. */
export function leakyRelu(slope: number): ElementwiseActivation {
  return {
    forward: (x) => (x > 0 ? x : slope * x),
    derivative: (x) => (x > 0 ? 1 : slope),
  }
}

/** min(max(x, minVal), maxVal); derivative 0 at both bounds. */
export function hardtanh(minVal: number, maxVal: number): ElementwiseActivation {
  return {
    forward: (x) => (x < minVal ? minVal : x > maxVal ? maxVal : x),
    derivative: (x) => (x <= minVal || x >= maxVal ? 0 : 1),
  }
}

/** x above the threshold, `value` elsewhere. */
export function threshold(bound: number, value: number): ElementwiseActivation {
  return {
    forward: (x) => (x <= bound ? value : x),
    derivative: (x) => (x <= bound ? 0 : 1),
  }
}

/** 0 within [-lambd, lambd], x elsewhere. */
export function hardshrink(lambd: number): ElementwiseActivation {
  return {
    forward: (x) => (x >= -lambd && x <= lambd ? 0 : x),
    derivative: (x) => (x >= -lambd && x <= lambd ? 0 : 1),
  }
}

/** 0 within [-lambd, lambd], elsewhere x moved towards 0 by lambd. */
export function softshrink(lambd: number): ElementwiseActivation {
  return {
    forward: (x) => (x > lambd ? x - lambd : x < -lambd ? x + lambd : x * 0),
    derivative: (x) => (x >= -lambd && x <= lambd ? 0 : 1),
  }
}
