import type { StateCreator } from 'zustand';

/** Selections that can be taken back. */
const DEPTH = 50;

/** The units that are selected on the map, as `conv1.weight:3`, and the pane that shares the place below it. */
export interface UnitsSlice {
  units: readonly string[];
  pastUnits: (readonly string[])[];
  /** What stands below the map. */
  low: 'layers' | 'overlap' | 'inspect';
  /** Selects, and opens the inspector when there is something in it. */
  selectUnits(units: readonly string[]): void;
  undoUnits(): void;
  setLow(low: UnitsSlice['low']): void;
}

export const createUnitsSlice: StateCreator<UnitsSlice> = (set) => ({
  units: [],
  pastUnits: [],
  low: 'layers',
  selectUnits: (units) =>
    set((state) => ({
      units,
      pastUnits: [...state.pastUnits, state.units].slice(-DEPTH),
      low: units.length > 0 ? 'inspect' : state.low,
    })),
  undoUnits: () =>
    set(({ pastUnits }) => {
      const previous = pastUnits.at(-1);
      return previous ? { units: previous, pastUnits: pastUnits.slice(0, -1) } : {};
    }),
  setLow: (low) => set({ low }),
});
