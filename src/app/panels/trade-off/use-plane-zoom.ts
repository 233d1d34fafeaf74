import { useState } from 'react';
import type { QuantityId } from '../../state/quantities';
import type { PlaneModel } from './plane-model';
import { type PlaneWindow, pointsIn, wholeOf, windowBetween, windowOfRuns, zoomed } from './plane-zoom';

export interface Place {
  x: number;
  y: number;
}

/** What of a plane is shown, and how the reader changes that. */
export interface PlaneZoom {
  /** Absent: the whole plane. */
  window?: PlaneWindow;
  /** @param at stays where it is on the screen, in the units of the axes */
  step: (direction: 'in' | 'out', at?: Place) => void;
  /** Shows what lies between two corners. */
  between: (a: Place, b: Place) => void;
  /** Shows the runs alone. */
  toRuns: () => void;
  toWhole: () => void;
}

/** Zooms a plane. Other axes show it whole again, and so do studies none of whose runs lies in the window. */
export function usePlaneZoom(model: PlaneModel, xId: QuantityId, yId: QuantityId): PlaneZoom {
  const axes = `${xId} ${yId}`;
  const [chosen, setChosen] = useState<{ axes: string; window: PlaneWindow }>();
  const window = chosen?.axes === axes && pointsIn(model, chosen.window) > 0 ? chosen.window : undefined;
  const whole = wholeOf(model);
  const show = (next: PlaneWindow | undefined) => setChosen(next && { axes, window: next });
  return {
    window,
    step: (direction, at) => show(zoomed(window ?? whole, direction, whole, at)),
    between: (a, b) => show(windowBetween(a, b, whole) ?? window),
    toRuns: () => show(windowOfRuns(model)),
    toWhole: () => show(undefined),
  };
}
