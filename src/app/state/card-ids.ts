/** The six steps that a study reads as. */
export const CARD_IDS = ['data', 'train', 'forget', 'localize', 'unlearn', 'compare'] as const;
export type CardId = (typeof CARD_IDS)[number];
