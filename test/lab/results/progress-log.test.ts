import { expect, test } from 'vitest';
import type { LabEvent } from '../../../src/lab/lab-api';
import {
  decodeEvent,
  decodeHeartbeat,
  encodeEvent,
  tellsResults,
} from '../../../src/lab/results/progress-log';
import { fakeLab, tinyStudy } from '../../support/fake-lab';

const LEFT_OUT: LabEvent['type'][] = ['stage-progress', 'study-progress', 'step', 'study-done'];

test('a log says everything that a study said, apart from how far it was at every moment', async () => {
  const { session, events } = fakeLab();
  await session.run({ ...tinyStudy(), forget: { rule: 'memorized', settings: { models: 2 } } });
  const kept = events.filter(({ type }) => !LEFT_OUT.includes(type));
  expect(new Set(kept.map(({ type }) => type))).toEqual(
    new Set([
      'study-started',
      'stage-started',
      'stage-done',
      'memorization',
      'forget-set',
      'series',
      'losses',
      'scores',
      'metrics',
    ]),
  );
  const lines = events.flatMap((event) => encodeEvent(event) ?? []);
  expect(lines.join('')).not.toContain('\n');
  expect(lines.map(decodeEvent)).toEqual(kept);
});

test('a line that is cut, foreign or of a newer version says nothing', () => {
  const line = encodeEvent({ type: 'study-failed', study: 's', message: 'no' })!;
  for (let length = 0; length < line.length; length++)
    expect(decodeEvent(line.slice(0, length))).toBeUndefined();
  expect(decodeEvent('{"lethe":1,"started":"2026-01-01"}')).toBeUndefined();
  expect(decodeEvent('{"type":"of-tomorrow"}')).toBeUndefined();
  expect(decodeEvent('{"type":"series","ref":{"study":"s"}}')).toBeUndefined();
  expect(decodeHeartbeat('{"lethe":2}')).toBeUndefined();
});

test('only files with results are read, and none outside the folder', () => {
  const told = ['study.json', 'result.json', 'parts/original-s0.json', 'progress/del-x-a0.3-s0.jsonl'];
  for (const path of told) expect(tellsResults(path)).toBe(true);
  const others = ['original-s0.safetensors', 'artifacts/a.lethe', 'parts/../study.json', '../study.json'];
  for (const path of others) expect(tellsResults(path)).toBe(false);
});
