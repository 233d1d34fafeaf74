import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { deflateSync, strToU8 } from 'fflate';
import { expect, test } from 'vitest';
import { decodeLink, encodeLink } from '../../../src/lab/study/link';
import { presets } from '../../../src/lab/study/presets';
import { parseStudy } from '../../../src/lab/study/schema';
import type { Study } from '../../../src/lab/study/study';
import { anyStudy } from '../../support/any-study';

test('link: a preset needs no more than its name, and one changed setting stays short', () => {
  const [quickstart] = presets;
  expect(encodeLink(quickstart!.study)).toBe('#s=1.quickstart');
  const changed: Study = { ...quickstart!.study, pretrain: { ...quickstart!.study.pretrain, epochs: 5 } };
  expect(encodeLink(changed).length).toBeLessThan(64);
});

test('link: every study comes back unchanged', () => {
  fc.assert(
    fc.property(anyStudy, (study) => {
      const link = encodeLink(study);
      expect(link).toMatch(/^#s=[\w.-]+$/);
      expect(decodeLink(link)).toEqual({ kind: 'study', study, preset: expect.any(String), problems: [] });
    }),
  );
});

test('link: cut, changed or invented ones never throw and never give an invalid study', () => {
  const good = encodeLink({ ...presets[0]!.study, name: 'Mine', seed: 77 });
  const check = (hash: string) => {
    const decoded = decodeLink(hash);
    if (decoded.kind === 'study') expect(parseStudy(decoded.study)).toMatchObject({ ok: true, problems: [] });
    if (decoded.kind === 'bad') expect(decoded.problem).toMatch(/\.$/);
  };
  fc.assert(
    fc.property(fc.nat(good.length), fc.string(), (at, text) => {
      check(good.slice(0, at));
      check(good.slice(0, at) + text + good.slice(at + 1));
    }),
  );
  fc.assert(fc.property(fc.base64String(), (text) => check(`#s=1.quickstart.${text}`)));
  expect(decodeLink('#panel=map')).toEqual({ kind: 'none' });
  expect(decodeLink('#s=2.quickstart')).toMatchObject({ kind: 'bad' });
  expect(decodeLink('#s=1.nothing')).toMatchObject({ kind: 'bad' });
});

test('link: a part that does not fit is dropped with a notice', () => {
  const bad = { ...presets[0]!.study, pretrain: { ...presets[0]!.study.pretrain, lr: -1 } };
  expect(decodeLink(encodeLink(bad))).toMatchObject({
    kind: 'study',
    study: { pretrain: { lr: 0.1 } },
    problems: ['pretrain.lr was dropped: "lr" must lie between 0.000001 and 10, not -1.'],
  });
});

/** As links were before they had a checksum. */
const oldLink = (preset: string, patch: string) =>
  `#s=1.${preset}.${Buffer.from(deflateSync(strToU8(patch))).toString('base64url')}`;

test('an older link, which has no checksum, is read as ever', () => {
  const study: Study = { ...presets[0]!.study, name: 'Mine', seed: 77 };
  expect(decodeLink(oldLink(presets[0]!.id, '{"name":"Mine","seed":77}'))).toMatchObject({
    kind: 'study',
    study,
    problems: [],
  });
});

test('a link that was escaped, or whose key was capitalised, on its way is read', () => {
  const link = encodeLink({ ...presets[0]!.study, name: 'Mine', seed: 77 });
  const meant = decodeLink(link);
  expect(meant.kind).toBe('study');
  for (const form of [
    link.replace('=', '%3D'),
    link.replace('=', '%3d'),
    link.replace('=', '%253D'),
    link.replace('#s', '#S'),
    `#${[...link.slice(1)].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')}`,
  ])
    expect(decodeLink(form), form).toEqual(meant);
  const [half, rest] = [link.slice(0, 30), link.slice(30)];
  for (const form of [
    ...['.', ')', ').', '>', '],', '"', '”', '%20', '%0D%0A', '%22', '%E2%80%8B', '!', '*'].map(
      (end) => link + end,
    ),
    `${half}=%0D%0A${rest}`,
    `${half}%0A ${rest}`,
    link.replace('=', '=3D'),
    link.replace('=', '=3d'),
  ])
    expect(decodeLink(form), form).toEqual(meant);
  expect(decodeLink('#s=1.quickstart).')).toEqual(decodeLink('#s=1.quickstart'));
  for (const form of ['#s%3D9.quickstart', '#s%ZZ1.quickstart', '#s:1.quickstart', '#s=1%2Equickstar', '#s='])
    expect(decodeLink(form), form).toMatchObject({ kind: 'bad' });
});

test('no change of one letter gives another study', () => {
  const letters = [...'azAZ059-_.=%#!'];
  const changes = (link: string) =>
    [...link].flatMap((_, at) => [
      link.slice(0, at) + link.slice(at + 1),
      ...letters.flatMap((letter) => [
        link.slice(0, at) + letter + link.slice(at + 1),
        link.slice(0, at) + letter + link.slice(at),
      ]),
    ]);
  const check = (study: Study) => {
    const link = encodeLink(study);
    for (const changed of changes(link).filter((text) => text.startsWith('#'))) {
      const decoded = decodeLink(changed);
      if (decoded.kind === 'study') expect(decoded.study, changed).toEqual(study);
      else expect(decoded.kind, changed).toBe('bad');
    }
  };
  for (const { study } of presets) check(study);
  check({ ...presets[0]!.study, name: 'Mine', seed: 77 });
  fc.assert(fc.property(anyStudy, check), { numRuns: 5 });
});

test('any letter replaced by any other is noticed', () => {
  const study: Study = { ...presets[0]!.study, name: 'Mine', seed: 77 };
  const link = encodeLink(study);
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
  for (let at = 1; at < link.length; at++)
    for (const letter of letters) {
      const decoded = decodeLink(link.slice(0, at) + letter + link.slice(at + 1));
      if (decoded.kind === 'study') expect(decoded.study).toEqual(study);
    }
});

test('links that inflate to megabytes are refused at once', () => {
  const bomb = (name: string) =>
    readFileSync(new URL(`../../cases/faults/link-bomb/${name}.txt`, import.meta.url), 'utf8').trim();
  const list = (item: string, count: number) => `[${Array(count).fill(item).join(',')}]`;
  for (const [hash, problem] of [
    [bomb('link_deep_array'), /inflates to more than 524288 bytes/],
    [bomb('link_runs_num'), /inflates to more than 524288 bytes/],
    [bomb('link_units'), /inflates to more than 524288 bytes/],
    [oldLink('quickstart', `{"runs":${'['.repeat(250_000)}${']'.repeat(250_000)}}`), /lie more than 32 deep/],
  ] as const) {
    const start = performance.now();
    expect(decodeLink(hash)).toMatchObject({ kind: 'bad', problem: expect.stringMatching(problem) });
    expect(performance.now() - start).toBeLessThan(2000);
  }
  const many = `{${Array.from({ length: 40_000 }, (_, i) => `"a${i}":1`).join(',')}}`;
  for (const patch of [
    `{"runs":${list('1', 250_000)}}`,
    `{"runs":${list('{}', 170_000)}}`,
    `{"runs":${list('{"strategy":[1]}', 25_000)}}`,
    `{"runs":[{"strategy":${list('1', 250_000)}}]}`,
    `{"runs":[{"seed":${list('0', 250_000)}}]}`,
    `{"runs":[{"localize":${many}}]}`,
    `{"runs":[{"localize":{"units":${list('""', 170_000)}}}]}`,
    `{"runs":[{"localize":{"units":${list('[]', 170_000)}}}]}`,
    `{"forget":{"settings":${many}}}`,
    `{"data":${many}}`,
    many,
    `{"model":{"config":{"kind":"resnet","layers":${list('1', 250_000)}}}}`,
    `{"name":"${'x'.repeat(500_000)}"}`,
  ]) {
    const start = performance.now();
    const decoded = decodeLink(oldLink('quickstart', patch));
    expect(performance.now() - start, patch.slice(0, 60)).toBeLessThan(2000);
    if (decoded.kind === 'study') expect(decoded.problems, patch.slice(0, 60)).not.toEqual([]);
    else expect(decoded.kind).toBe('bad');
  }
});

test('a study that lists every channel of a ResNet-18 by name is encoded in milliseconds, and comes back', () => {
  const units = Array.from({ length: 4_810 }, (_, i) => `layer${1 + (i % 4)}.${i % 2}.conv1.weight:${i}`);
  const [quickstart] = presets;
  const study: Study = {
    ...quickstart!.study,
    runs: [{ ...quickstart!.study.runs[0]!, strategy: 'manual', localize: { units } }],
  };
  expect(decodeLink(encodeLink(study))).toMatchObject({ kind: 'study', problems: [] });
});
