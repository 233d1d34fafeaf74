import fc from 'fast-check';
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
