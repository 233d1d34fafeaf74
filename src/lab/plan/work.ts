/** How many examples a stage goes through. */
export interface Sizes {
  forget: number;
  retain: number;
  test: number;
  /** Those that every epoch's curves are measured on. */
  monitored: number;
}

/** Forward and backward against forward alone: what an evaluated image costs, in image passes. */
export const EVALUATED_IMAGE = 1 / 3;

/** Image passes of a training whose curves are measured before its first epoch and after each one. */
export function trainingWork(epochs: number, images: number, { monitored }: Sizes): number {
  return epochs * images + (epochs + 1) * monitored * EVALUATED_IMAGE;
}
