/** The fewest examples for which HSIC₁ is defined. */
export const FEWEST = 4;

/** Entries of K are sums of float32 products: their error, relative to the largest. */
const ROUNDING = 2 ** -20;

/**
 * The unbiased estimator HSIC₁ of the Hilbert-Schmidt independence criterion (Song et al. 2012, equation 5; METHOD section 5.1) in
 * float64, with the diagonals taken as 0:
 * [Σ K∘L + (ΣK)(ΣL)/((n−1)(n−2)) − 2/(n−2)·(K1)·(L1)] / (n(n−3)). It may be negative.
 * @param k `[n, n]`, symmetric @param l the same
 * @param n at least 4
 */
export function unbiasedHsic(k: ArrayLike<number>, l: ArrayLike<number>, n: number): number {
  let products = 0;
  let sumK = 0;
  let sumL = 0;
  let rowProducts = 0;
  for (let i = 0; i < n; i++) {
    let rowK = 0;
    let rowL = 0;
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      const [inK, inL] = [k[i * n + j]!, l[i * n + j]!];
      products += inK * inL;
      rowK += inK;
      rowL += inL;
    }
    sumK += rowK;
    sumL += rowL;
    rowProducts += rowK * rowL;
  }
  const whole = (sumK * sumL) / ((n - 1) * (n - 2));
  return (products + whole - (2 / (n - 2)) * rowProducts) / (n * (n - 3));
}

/**
 * Centred kernel alignment HSIC₁(K,L) / √(HSIC₁(K,K)·HSIC₁(L,L)) (Kornblith et al. 2019; unbiased after Nguyen et al. 2021), at most 1
 * but for the estimator's noise.
 * @param k of float32 activations @param l the same
 * @returns null for fewer than 4 examples, or where a layer tells no two of them apart but for rounding
 */
export function alignment(k: ArrayLike<number>, l: ArrayLike<number>, n: number): number | null {
  if (n < FEWEST) return null;
  const [own, other] = [ownHsic(k, n), ownHsic(l, n)];
  return own > 0 && other > 0 ? unbiasedHsic(k, l, n) / Math.sqrt(own * other) : null;
}

/** HSIC₁(K, K), or 0 where what the examples differ in is no more than the rounding of K. */
function ownHsic(k: ArrayLike<number>, n: number): number {
  let squares = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) squares += k[i * n + j]! ** 2;
  const meanSquare = (2 * squares) / (n * (n - 1));
  const hsic = unbiasedHsic(k, k, n);
  return hsic > ROUNDING ** 2 * meanSquare ? hsic : 0;
}
