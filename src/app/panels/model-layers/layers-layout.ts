/** A column of the picture: its own horizontal axis, one row a layer. */
export interface LayersColumn {
  id: 'mask' | 'cka' | 'probe';
  title: string;
  /** Of what it shows; values below 0 widen it. */
  domain: [number, number];
  ticks: number[];
  /** In pixels from the left of the picture. */
  from: number;
  width: number;
}

/** Below and above the rows: titles, numbers of the axes. */
export const TOP = 24;
export const BOTTOM = 20;
/** A row is as high as is there, within these. */
const LOWEST = 18;
const HIGHEST = 44;
const GAP = 18;
/** Half a number at the right end of an axis. */
const RIGHT = 12;

export const leastHeight = (rows: number): number => TOP + BOTTOM + rows * LOWEST;

/** Height of the picture in a box. */
export function pictureHeight(rows: number, box: number): number {
  return TOP + BOTTOM + rows * Math.max(LOWEST, Math.min(HIGHEST, (box - TOP - BOTTOM) / rows));
}

interface Shown {
  mask: boolean;
  cka: boolean;
  probe: boolean;
  /** The least CKA. */
  least: number;
}

/** The columns that have something to show, beside each other. @param names width of the layers' names */
export function layersColumns(shown: Shown, width: number, names: number): LayersColumn[] {
  const wanted = [
    { id: 'mask' as const, title: 'mask', domain: [0, 1], ticks: [0, 1], weight: 0.5 },
    {
      id: 'cka' as const,
      title: 'CKA with the oracle',
      domain: [Math.min(0, shown.least), 1],
      ticks: [0, 0.5, 1],
      weight: 1,
    },
    { id: 'probe' as const, title: 'probe accuracy', domain: [0, 100], ticks: [0, 50, 100], weight: 1 },
  ].filter(({ id }) => shown[id]);
  const total = wanted.reduce((sum, { weight }) => sum + weight, 0);
  const room = width - names - RIGHT - GAP * wanted.length;
  let from = names;
  return wanted.map(({ weight, domain, ...column }) => {
    from += GAP;
    const own = { ...column, domain: domain as [number, number], from, width: (room * weight) / total };
    from += own.width;
    return own;
  });
}
