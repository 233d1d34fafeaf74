/** What `LiveModel.nearestDistances` computes, on the host in float64. */
export function hostDistances(points: Float32Array, references: Float32Array, width: number): Float64Array {
  return Float64Array.from({ length: points.length / width }, (_, i) => {
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < references.length / width; j++) {
      let square = 0;
      for (let k = 0; k < width; k++) square += (points[i * width + k]! - references[j * width + k]!) ** 2;
      least = Math.min(least, square);
    }
    return Math.sqrt(least);
  });
}
