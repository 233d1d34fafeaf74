/** Pixels around the plot; the pickers of the axes lie in them. */
export const planeMargins = { left: 36, right: 10, top: 24, bottom: 40 };
