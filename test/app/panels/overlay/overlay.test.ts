import { expect, test } from 'vitest';
import { letterOf, type Overlaid } from '../../../../src/app/panels/overlay/overlaid';
import { overlaidModels, overlayCurves } from '../../../../src/app/panels/overlay/overlay-curves';
import { overlayPlane } from '../../../../src/app/panels/overlay/overlay-plane';
import { overlayExport, overlayTable } from '../../../../src/app/panels/overlay/overlay-table';
import { planeModel } from '../../../../src/app/panels/trade-off/plane-model';
import { numbersOf } from '../../../../src/lab/library/shelf';
import { fixtureStudy } from '../../../support/fixture-study';

const fixture = fixtureStudy();
const overlaid = (position: number, name: string, shift = 0): Overlaid => {
  const runs = fixture.runs.map((run) => ({
    ...run,
    metrics: { ...run.metrics, testAccuracy: run.metrics.testAccuracy! + shift },
  }));
  return {
    id: `study-${position}`,
    letter: letterOf(position),
    name,
    study: fixture.study,
    numbers: numbersOf({ ...fixture, runs }),
  };
};
const studies = [overlaid(0, 'First'), overlaid(1, 'Second', 5)];

test('plane of several studies: every point names its study, stands where it stands alone, and has a run id of its own', () => {
  const model = overlayPlane(studies, 'deltaForget', 'testAccuracy');
  const alone = planeModel(fixture, 'deltaForget', 'testAccuracy');
  const points = model.lines.flatMap((line) => line.points.map((point) => ({ line, point })));
  for (const { line, point } of points) {
    const [letter, name] = line.key.startsWith('study-0:') ? ['A', 'First'] : ['B', 'Second'];
    expect(line.label.startsWith(`${letter} `)).toBe(true);
    expect(point.group.label).toContain(`of “${name}”`);
  }
  // Thirteen groups of runs, an oracle and an original of each.
  expect(points).toHaveLength(2 * 15);
  const ids = points.flatMap(({ point }) => point.group.runs.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
  const del = (key: string) => model.lines.find((line) => line.key === key)!.points.map(({ x, y }) => [x, y]);
  const own = alone.lines.find(({ label }) => label === 'DEL')!;
  expect(del(`study-0:${own.key}`)).toEqual(own.points.map(({ x, y }) => [x, y]));
  expect(del(`study-1:${own.key}`)[0]![1]!.mean).toBeCloseTo(own.points[0]!.y.mean + 5, 6);
  const oracle = model.lines.find(({ label }) => label === 'A oracle')!;
  expect(oracle).toMatchObject({ strategy: 'oracle', points: [{ x: { mean: 0 }, y: alone.oracle!.y }] });
  const [low, high] = model.yDomain;
  expect(points.every(({ point }) => point.y.mean >= low && point.y.mean <= high)).toBe(true);
});

test('table of several studies: every row begins with its study, on the page and in the CSV', () => {
  const { rows, columns } = overlayTable(studies);
  expect(columns[0]!.label).toBe('study');
  expect(rows.map(([study]) => study)).toEqual([...Array(15).fill('A First'), ...Array(15).fill('B Second')]);
  expect(rows.every((row) => row.length === columns.length)).toBe(true);
  const { header, cells } = overlayExport(studies);
  expect(header.slice(0, 4)).toEqual(['study', 'device', 'finished', 'run']);
  expect(cells).toHaveLength(30);
  expect(cells.every((row) => row.length === header.length)).toBe(true);
});

test('curves of several studies: one line each, of the run that was chosen, told apart without its colour', () => {
  const models = overlaidModels(studies, 'run', { 'study-1': 'study-1:salloc-reset-finetune-a0.3' });
  expect(models.map(({ name }) => name)).toEqual(['A DEL, α 0.05', 'B SalLoc, α 0.3']);
  const { curves, epochs, domain } = overlayCurves(models, 'forget');
  expect(curves.map(({ id }) => id)).toEqual(['A DEL, α 0.05', 'B SalLoc, α 0.3']);
  expect(new Set(curves.map(({ dash }) => dash)).size).toBe(2);
  expect(epochs).toBe(12);
  const salloc = fixture.runs.find(({ id }) => id === 'salloc-reset-finetune-a0.3-s0')!;
  expect(curves[1]!.points.map(({ value }) => value)).toEqual(
    salloc.series.points.map(({ forget }) => forget),
  );
  expect(domain[0]).toBeLessThanOrEqual(Math.min(...salloc.series.points.map(({ forget }) => forget)));
  expect(overlayCurves(overlaidModels(studies, 'oracle', {}), 'loss').curves.map(({ id }) => id)).toEqual([
    'A oracle',
    'B oracle',
  ]);
});
