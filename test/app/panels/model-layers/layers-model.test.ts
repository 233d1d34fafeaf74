import { describe, expect, it } from 'vitest';
import { layersColumns } from '../../../../src/app/panels/model-layers/layers-layout';
import {
  layersModel,
  layersSentence,
  probeSentence,
  type SideLayers,
} from '../../../../src/app/panels/model-layers/layers-model';
import { layerMask } from '../../../../src/app/panels/model-layers/use-run-mask';
import type { ComparedModel } from '../../../../src/app/state/compared-models';
import type { LayerAlignments } from '../../../../src/lab/compare/layers';
import { cutMap, readMap } from '../../../../src/lab/localize/ranked-map';
import { activationLayerOf } from '../../../../src/lab/nn/activation-layers';
import { sizeOf } from '../../../../src/lab/tensors';
import { fixtureMap, fixtureSpec } from '../../../support/fixture-study';

const model: ComparedModel = {
  key: 'del',
  label: 'DEL',
  role: 'run',
  strategy: 'del',
  outcome: { seed: 0 },
};

const alignments = (cka: Record<string, number | null>): LayerAlignments => ({
  images: { forget: 200, retain: 256, test: 256 },
  layers: Object.entries(cka).map(([name, forget]) => ({ name, cka: { forget, retain: 0.9, test: 0.8 } })),
});

describe('layers of two models', () => {
  const a: SideLayers = { letter: 'A', model, cka: alignments({ stem: 0.9, pool: 0.4, logits: null }) };

  it('values stand in the rows of their layers, also where a file has others or in another order', () => {
    const b: SideLayers = { letter: 'B', model, cka: alignments({ logits: 0.2, stem: 0.7, other: 0.1 }) };
    const { rows, series } = layersModel([a, b], new Map([['stem', 0.25]]));
    expect(rows.map(({ name, mask }) => [name, mask])).toEqual([
      ['stem', 0.25],
      ['pool', undefined],
      ['logits', undefined],
    ]);
    const values = (id: string) => series.find((line) => line.id === id)?.values;
    expect(values('A cka forget')).toEqual([0.9, 0.4, undefined]);
    expect(values('B cka forget')).toEqual([0.7, undefined, 0.2]);
  });

  it('a line without any value is none', () => {
    const { series } = layersModel([{ letter: 'A', model, cka: alignments({ stem: null }) }]);
    expect(series.map(({ set }) => set)).toEqual(['retain', 'test']);
    expect(layersModel([{ letter: 'A', model }])).toEqual({ rows: [], series: [] });
  });

  it('the columns share the width, and a negative CKA widens its axis', () => {
    const columns = layersColumns({ mask: true, cka: true, probe: false, least: -0.1 }, 400, 60);
    expect(columns.map(({ id }) => id)).toEqual(['mask', 'cka']);
    expect(columns[1]!.domain).toEqual([-0.1, 1]);
    expect(columns[1]!.from + columns[1]!.width).toBeLessThanOrEqual(400);
  });
});

describe('sentence about the layers', () => {
  const cka = alignments({ stem: 0.9, 'layer1.0': 0.8, 'layer2.0': 0.5, pool: 0.6 });

  it('names the layer that differs most, what the mask takes there, and the rank correlation over layers with weights', () => {
    const mask = new Map([
      ['stem', 0],
      ['layer1.0', 0.1],
      ['layer2.0', 0.4],
    ]);
    expect(layersSentence({ model, cka }, mask)).toBe(
      'DEL differs most from the oracle at layer2.0 (CKA 0.50 on 200 forget images); its mask takes 40 % of the weights there. Rank correlation of the mask’s share with 1 − CKA over the 3 layers with weights: 1.00.',
    );
  });

  it('says that a layer has no weights, and claims nothing where all shares are equal', () => {
    const all = new Map([
      ['stem', 1],
      ['layer1.0', 1],
    ]);
    const said = layersSentence({ model, cka: alignments({ stem: 0.9, 'layer1.0': 0.8, pool: 0.1 }) }, all);
    expect(said).toContain('at pool (CKA 0.10 on 200 forget images); there are no weights to mask there.');
    expect(said).toContain('over the 2 layers with weights: –.');
  });

  it('says nothing of a mask that is not known, and nothing of an undefined CKA', () => {
    expect(layersSentence({ model, cka })).toBe(
      'DEL differs most from the oracle at layer2.0 (CKA 0.50 on 200 forget images).',
    );
    expect(layersSentence({ model, cka: alignments({ stem: null }) })).toContain('is not defined here');
    expect(layersSentence({ model })).toBeUndefined();
  });
});

it('layers of two models: a probe that can name no forget image is explained', () => {
  const probe = (forget: number | null) => ({
    probe: { images: { forget: 5, retain: 5, test: 5 }, layers: [{ name: 'stem', forget, test: 40 }] },
  });
  expect(probeSentence([probe(0), probe(0)])).toMatch(/^The probe names no forget image right/);
  for (const sides of [[probe(0), probe(20)], [probe(null)], [{}], []])
    expect(probeSentence(sides)).toBeUndefined();
});

describe('mask by layer', () => {
  it.each(['resnet8', 'vit-small'])('of %s selects as many weights as the mask of the map', (id) => {
    const spec = fixtureSpec(id, id === 'vit-small' ? 32 : 28);
    const map = readMap(spec, fixtureMap(spec, 'del'));
    const shares = layerMask(map, 0.2, spec);
    const selected = spec.parameters.reduce(
      (sum, { name, shape }) => sum + shares.get(activationLayerOf(spec, name))! * sizeOf(shape),
      0,
    );
    expect(Math.round(selected)).toBe(cutMap(map, 0.2).scalars);
  });

  it.each([
    ['deepest', 'logits', 'stem'],
    ['shallowest', 'stem', 'logits'],
  ])('%s takes the %s first', (strategy, first, last) => {
    const spec = fixtureSpec();
    const shares = layerMask(readMap(spec, fixtureMap(spec, strategy)), 0.1, spec);
    expect(shares.get(first)).toBe(1);
    expect(shares.get(last)).toBe(0);
  });
});
