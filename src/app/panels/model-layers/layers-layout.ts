/** A column of the picture: its own horizontal axis, one row a layer. */
export interface LayersColumn {
  id: 'mask' | 'cka' | 'probe';
  title: string;
  /** The title where the column is narrow. */
  short: string;
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
/** A row is as high as is there, within these; a few rows are given more. */
const LOWEST = 18;
const HIGHEST = 56;
const FEW = 260;
const MOST_OF_FEW = 34;
const GAP = 24;
/** Half a number at the right end of an axis. */
const RIGHT = 12;

/** The least and the largest height of the picture. */
export const heightRange = (rows: number): [number, number] => [
  TOP + BOTTOM + rows * Math.max(LOWEST, Math.min(MOST_OF_FEW, FEW / rows)),
  TOP + BOTTOM + rows * HIGHEST,
];

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
    { id: 'mask' as const, title: 'mask, %', short: 'mask, %', domain: [0, 1], ticks: [0, 1], weight: 0.5 },
    {
      id: 'cka' as const,
      title: 'CKA with the oracle',
      short: 'CKA',
      domain: [Math.min(0, shown.least), 1],
      ticks: [0, 0.5, 1],
      weight: 1,
    },
    {
      id: 'probe' as const,
      title: 'probe accuracy, %',
      short: 'probe, %',
      domain: [0, 100],
      ticks: [0, 50, 100],
      weight: 1,
    },
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
