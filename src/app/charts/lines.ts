/** A line by epoch, or by another count of the same kind, such as steps. */
export interface Line<Id extends string = string> {
  /** Its name, which stands at its end. */
  id: Id;
  color: string;
  /** As SVG's `stroke-dasharray`, where colours do not tell the lines apart. */
  dash?: string;
  /** Epoch and value; in order. */
  points: { epoch: number; value: number }[];
}

/** Everything a chart of lines by epoch draws. */
export interface LinesModel<Id extends string = string> {
  curves: readonly Line<Id>[];
  /** A level to come to, with its name. */
  level?: { name: string; color: string; value: number };
  /** How long the axis is. */
  epochs: number;
  domain: [number, number];
}

/** A row for every epoch with the value of each line there, in order, as recharts wants its data. */
export function curveRows<Id extends string>(
  curves: readonly Line<Id>[],
): ({ epoch: number } & Partial<Record<Id, number>>)[] {
  type Row = { epoch: number } & Partial<Record<Id, number>>;
  const rows = new Map<number, Row>();
  for (const { id, points } of curves)
    for (const { epoch, value } of points) rows.set(epoch, { ...rows.get(epoch), epoch, [id]: value } as Row);
  return [...rows.values()].sort((a, b) => a.epoch - b.epoch);
}
