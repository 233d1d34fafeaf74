/** What stands around the plot of confidences, in pixels: the handle of the threshold lies over the plot. */
export const PLOT = { left: 36, right: 10, top: 8, bottom: 24 } as const;
