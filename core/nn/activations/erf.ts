/**
 * The error function in double precision, absolute error below 1e-15. JavaScript has none.
 * Near zero the series without alternating signs (DLMF 7.6.2), further out the continued fraction of erfc
 * (DLMF 7.9.3), evaluated from its tail.
 */
export function erf(x: number): number {
  const size = Math.abs(x)
  if (size < SPLIT) return series(x)
  if (size > SATURATED) return Math.sign(x)
  if (Number.isNaN(x)) return x
  return Math.sign(x) * (1 - erfcTail(size))
}

const SPLIT = 2
const SATURATED = 6
const SERIES_TERMS = 32
const FRACTION_TERMS = 60

/** 2^n / (1 * 3 * 5 * ... * (2n + 1)) */
const seriesCoefficients = makeSeriesCoefficients()

function makeSeriesCoefficients(): Float64Array {
  const coefficients = new Float64Array(SERIES_TERMS)
  let c = 1
  for (let n = 0; n < SERIES_TERMS; n++) {
    coefficients[n] = c
    c *= 2 / (2 * n + 3)
  }
  return coefficients
}

/** erf(x) = 2 / sqrt(pi) * exp(-x²) * sum of 2^n x^(2n+1) / (2n+1)!!  for |x| < 2 */
function series(x: number): number {
  const xx = x * x
  let sum = 0
  for (let n = SERIES_TERMS - 1; n >= 0; n--) sum = sum * xx + (seriesCoefficients[n] as number)
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-xx) * x * sum
}

/** erfc(x) = exp(-x²) / sqrt(pi) / (x + 1/2 / (x + 2/2 / (x + 3/2 / ...)))  for x >= 2 */
function erfcTail(x: number): number {
  let tail = x
  for (let k = FRACTION_TERMS; k >= 1; k--) tail = x + k / 2 / tail
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail
}
