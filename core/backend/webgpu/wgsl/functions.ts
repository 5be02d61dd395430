/*
 * Elementary functions that WGSL lacks, or allows to be inaccurate or to overflow: its exp is good to 3 + 2 |x| ulp, its log near 1 only
 * to 2^-21, its tanh may be sinh / cosh and NaN for large arguments. NaN stays NaN in all of them.
 */
import type { Piece } from './piece'

/** e^x. SwiftShader's exp makes a number of NaN; the test is on the bits, which no compiler takes for false. */
export const exponential: Piece = {
  code: `
fn exponential(x: f32) -> f32 {
  return select(exp(x), x, (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u);
}`,
}

/** e^x - 1, relative error below 1e-6 also near 0. */
export const expm1: Piece = {
  uses: [exponential],
  code: `
fn expMinusOne(x: f32) -> f32 {
  let series = x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5 * (1 + x / 6 * (1 + x / 7 * (1 + x / 8)))))));
  return select(exponential(x) - 1, series, abs(x) < 0.5);
}`,
}

/** log(1 + z) for z in [-0.5, 1]: 2 artanh(z / (2 + z)) as a series. */
export const log1p: Piece = {
  code: `
fn logOnePlus(z: f32) -> f32 {
  let s = z / (2 + z);
  let q = s * s;
  return 2 * s * (1 + q * (1.0 / 3 + q * (1.0 / 5 + q * (1.0 / 7 + q * (1.0 / 9 + q * (1.0 / 11 + q / 13))))));
}`,
}

/** 1 / (1 + e^-x) without overflow. */
export const logistic: Piece = {
  uses: [exponential],
  code: `
fn logistic(x: f32) -> f32 {
  let z = exponential(-abs(x));
  return select(1.0, z, x < 0) / (1 + z);
}`,
}

/** tanh, by e^(-2|x|) - 1. */
export const tanh: Piece = {
  uses: [expm1],
  code: `
fn hyperbolicTangent(x: f32) -> f32 {
  let e = expMinusOne(-2 * abs(x));
  let size = -e / (e + 2);
  return select(size, -size, x < 0);
}`,
}

/**
 * The standard normal distribution function, which is (1 + erf(x / sqrt 2)) / 2. The tail e^(-x²/2) h(|x|) keeps its relative accuracy
 * (below 1e-6 for |x| < 1, 1e-5 at 5); h = erfcx(t / sqrt 2) / 2 is a polynomial in 1 / (1 + 0.35 t), fitted to 3.3e-8 on [0, 16].
 */
export const normalCdf: Piece = {
  uses: [exponential],
  code: `
fn normalCdf(x: f32) -> f32 {
  let k = 1 / (1 + 0.35 * abs(x));
  let h = k * (0.13962124 + k * (0.13986452 + k * (0.11981419 + k * (0.1055798 + k * (-0.023275347
    + k * (0.1594092 + k * (-0.25591576 + k * (0.14406738 - k * 0.029165251))))))));
  let tail = exponential(-0.5 * x * x) * h;
  return select(1 - tail, tail, x < 0);
}`,
}
