/** Pixels around the plot of the plane, but on its left; the pickers of the axes lie in them. */
export const PLANE_FRAME = { right: 10, top: 24, bottom: 40 };
