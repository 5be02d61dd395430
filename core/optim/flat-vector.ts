import type { Floats } from '#core/tensor/floats'

export function dot(a: Floats, b: Floats): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

/** Largest absolute value; NaN if there is one. */
export function maxAbs(a: Floats): number {
  let largest = 0
  for (const value of a) largest = Math.max(largest, Math.abs(value))
  return largest
}

export function sumAbs(a: Floats): number {
  let sum = 0
  for (const value of a) sum += Math.abs(value)
  return sum
}

/** a += factor * b */
export function addScaled(a: Floats, factor: number, b: Floats): void {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] as number) + factor * (b[i] as number)
}

/** out = factor * a */
export function scale(factor: number, a: Floats, out: Floats): void {
  for (let i = 0; i < a.length; i++) out[i] = factor * (a[i] as number)
}

/** out = a - b */
export function subtract(a: Floats, b: Floats, out: Floats): void {
  for (let i = 0; i < a.length; i++) out[i] = (a[i] as number) - (b[i] as number)
}
