const SETTINGS = ['auto', 'default', 'trial'] as const;

/**
 * Which tilings products are computed by: those that a trial of this GPU chose (`auto`; on a CPU the defaults), always the defaults, or
 * those of a new trial, on a CPU too.
 */
export type TilingSetting = (typeof SETTINGS)[number];

export const isTilingSetting = (text: string | null): text is TilingSetting =>
  SETTINGS.some((setting) => setting === text);
