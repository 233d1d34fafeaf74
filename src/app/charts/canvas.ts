/**
 * Sizes a canvas to CSS pixels at the screen's density and clears it.
 * @param ratio device pixels per CSS pixel.
 * @returns a context whose unit is one CSS pixel, or undefined while the canvas has no area.
 */
export function beginFrame(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  ratio = window.devicePixelRatio || 1,
): CanvasRenderingContext2D | undefined {
  const pixelWidth = Math.round(width * ratio);
  const pixelHeight = Math.round(height * ratio);
  // Setting the size clears and reallocates, so it is done only when it changes.
  if (canvas.width !== pixelWidth) canvas.width = pixelWidth;
  if (canvas.height !== pixelHeight) canvas.height = pixelHeight;
  const context = canvas.getContext('2d');
  if (!context || pixelWidth === 0 || pixelHeight === 0) return undefined;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
