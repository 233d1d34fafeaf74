import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openPart, openResult } from '../../../src/lab/results/open-result';
import { decodeFloats, encodeBytes, encodeFloats } from '../../../src/lab/study/floats';
import { tellsOfMap } from '../../../src/lab/study/parse-result';
import type { StudyPart, StudyResult } from '../../../src/lab/study/result';

const readCase = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../cases/faults/damaged-map/${name}.json`, import.meta.url), 'utf8'));

/** A whole result: that of a damaged one, with a possible forget set. */
const whole = (): StudyResult => {
  const result = readCase('badforget') as StudyResult;
  return { ...result, detail: { ...result.detail, forget: [3, 5] } };
};
const withDetail = (change: Partial<StudyResult['detail']>): unknown => {
  const result = whole();
  return { ...result, detail: { ...result.detail, ...change } };
};

test('a whole result has no problems', () => {
  expect(openResult(whole())).toMatchObject({ ok: true, problems: [] });
});

test('a map of the wrong length or with NaN is left out and named; the rest is there', () => {
  for (const [name, words] of [
    ['badmap', 'holds scores that are no numbers'],
    ['nanscores', 'holds scores that are no numbers'],
  ] as const) {
    const opened = openResult(readCase(name));
    expect(opened).toMatchObject({
      ok: true,
      result: { detail: { maps: [] }, runs: [{ strategy: 'del' }] },
      problems: [expect.stringContaining(`detail.maps.0 was dropped: the map of del ${words}.`)],
    });
    if (opened.ok) expect(opened.problems.every(tellsOfMap)).toBe(true);
  }
});

test('a map of another granularity than a strategy that ranks within tensors is left out', () => {
  const [map] = whole().detail.maps;
  const maps = [{ ...map!, strategy: 'small-gradient', granularity: 'channel' as const }];
  expect(openResult(withDetail({ maps }))).toMatchObject({
    ok: true,
    result: { detail: { maps: [] } },
    problems: [
      expect.stringContaining(
        'the map of small-gradient tells of channels, and the strategy of single weights',
      ),
    ],
  });
});

test('impossible forget sets are refused with the image and how many there are', () => {
  expect(openResult(readCase('badforget'))).toEqual({
    ok: false,
    problem:
      'This result is damaged: it forgets image -1, and the 200 training images are counted from 0 to 199.',
  });
  const [map] = whole().detail.maps;
  for (const [change, words] of [
    [{ forget: [200] }, 'it forgets image 200'],
    [{ forget: Array.from({ length: 3_000_000 }, (_, i) => i) }, 'it forgets image 200'],
    [{ forget: [4, 4] }, 'an image twice'],
    [{ planted: [1] }, '1 labels in 2 images'],
    [{ planted: [1, -1] }, 'negative'],
    [{ losses: encodeFloats(new Float32Array(199)) }, '199 losses for 200 training images'],
    [{ losses: 'AAAAA' }, 'damaged losses'],
    [{ losses: encodeFloats(new Float32Array(200).fill(Number.NaN)) }, 'losses'],
    [
      {
        memorization: {
          models: 2,
          share: 0.7,
          scores: encodeFloats(new Float32Array(200).fill(2)),
          errors: encodeFloats(new Float32Array(200)),
        },
      },
      'memorization scores',
    ],
    [
      {
        memorization: {
          models: 2,
          share: 0.7,
          scores: encodeFloats(new Float32Array(200)),
          errors: encodeFloats(new Float32Array(3)),
        },
      },
      '3 errors of memorization scores',
    ],
  ] as [Partial<StudyResult['detail']>, string][])
    expect(openResult(withDetail(change)), words).toMatchObject({
      ok: false,
      problem: expect.stringContaining(words),
    });
  const floats = (length: number) => encodeFloats(new Float32Array(length));
  for (const [change, words] of [
    [{ scores: floats(3) }, 'holds 3 scores, but the network of the study needs'],
    [{ scores: '' }, 'holds 0 scores'],
    [{ scores: 'AAAAA' }, 'no numbers'],
    [{ granularity: 'parameter' as const }, 'the network of the study needs'],
    [
      {
        levels: { weights: encodeBytes(Uint8Array.of(255)), units: floats(1), curve: floats(1) },
        scores: floats(2),
      },
      'a level',
    ],
    [{ perExample: { units: [-1], unresolved: 0 } }, 'fewer units than none'],
  ] as const)
    expect(openResult(withDetail({ maps: [{ ...map!, ...change }, map!] } as never)), words).toMatchObject({
      ok: true,
      result: { detail: { maps: [map] } },
      problems: [expect.stringContaining(words)],
    });
});

test('a map of a network that this version does not know stays', () => {
  const study = { ...whole().study, model: { id: 'resnet9000' } };
  expect(openResult({ ...whole(), study })).toMatchObject({ ok: true, problems: [] });
});

test('a damaged part is refused as a whole', () => {
  const { original: _, oracle: __, runs, detail, ...head } = whole();
  const part: StudyPart = { ...head, runs, ...detail };
  expect(openPart(part)).toMatchObject({ ok: true });
  const nan = encodeFloats(decodeFloats(detail.maps[0]!.scores).fill(Number.NaN));
  for (const bad of [
    { ...part, forget: [200] },
    { ...part, losses: encodeFloats(new Float32Array(5)) },
    { ...part, maps: [{ ...detail.maps[0]!, scores: nan }] },
    { ...part, maps: [{ ...detail.maps[0]!, scores: encodeFloats(new Float32Array(4)) }] },
  ])
    expect(openPart(bad)).toMatchObject({ ok: false, problem: expect.stringMatching(/is damaged: .*\.$/) });
});

test('a list of a result that is damaged in one place goes as a whole: the later entries would tell of others', () => {
  const result = whole();
  const opened = (change: (copy: StudyResult) => void) => {
    const copy = structuredClone(result);
    change(copy);
    return openResult(copy);
  };
  const damaged = [1, 'x', 3] as number[];
  const classes = { forget: [1, 2, 3], retain: [1, 2, 3], test: damaged };
  const withClasses = opened(({ runs }) => void (runs[0]!.classes = classes));
  expect(withClasses).toMatchObject({
    ok: true,
    problems: ['runs.0.classes was dropped: what it says of each class is damaged.'],
  });
  if (withClasses.ok) expect(withClasses.result.runs[0]).not.toHaveProperty('classes');

  const perExample = { units: damaged, unresolved: 0 };
  const withUnits = opened(({ detail }) => void (detail.maps[0]!.perExample = perExample));
  expect(withUnits).toMatchObject({
    ok: true,
    problems: ['detail.maps.0.perExample was dropped: what it says of single images is damaged.'],
  });
  if (withUnits.ok) expect(withUnits.result.detail.maps[0]).not.toHaveProperty('perExample');

  const answered = { forget: damaged, retain: [1], test: [1], followed: [3] };
  expect(opened(({ detail }) => void (detail.answered = answered))).toMatchObject({
    ok: true,
    problems: [expect.stringContaining('detail.answered was dropped: what it says of the images')],
  });
  for (const forget of [damaged, [3, 5.5], '3'])
    expect(opened(({ detail }) => void (detail.forget = forget as number[]))).toEqual({
      ok: false,
      problem: 'This is not a result of Lethe: its forget set is no list of whole numbers.',
    });
});
