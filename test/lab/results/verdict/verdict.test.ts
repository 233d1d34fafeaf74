import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFarther, measuredGroups } from '../../../../src/lab/results/verdict/measured';
import { verdict } from '../../../../src/lab/results/verdict/verdict';
import { type Four, judgedStudy, modelsOf, ORACLE, ORIGINAL, runsOf } from '../../../support/judged-study';

const SIZES = { forget: 200, test: 2000, retain: 1800 };
/** The oracle with another forget accuracy. */
const near = (forget: number): Four => [forget, ORACLE[1], ORACLE[2], ORACLE[3]];
const ONE_SEED =
  'One seed, 200 forget images: up to 10 points on them can be chance, and another seed may come out otherwise.';
const THREE_SEEDS =
  'Three seeds, 200 forget images; what can be told is decided by 95 % intervals over the seeds.';

describe('verdict: when nothing can be said', () => {
  const runs = runsOf('DEL', [near(60)]);

  test('is not there before a run is measured', () => {
    expect(verdict(judgedStudy([{ ...runs[0]!, metrics: undefined }]))).toBeUndefined();
    expect(verdict(judgedStudy(runs, { forget: undefined }))).toBeUndefined();
  });

  test('tells that all runs failed, and leaves out those that did', () => {
    const failed = { ...runs[0]!, metrics: undefined, failure: 'It diverged.' };
    expect(verdict(judgedStudy([failed]))).toBe(
      'Nothing can be said. One run failed, and no other is measured.',
    );
    expect(verdict(judgedStudy([], { failed: [{ id: 'a' }, { id: 'b' }] }))).toBe(
      'Nothing can be said. Two runs failed, and no other is measured.',
    );
    expect(verdict(judgedStudy(runs, { failed: [{ id: 'other' }] }))).toContain(
      'One run failed and is left out.',
    );
    // An attack that failed leaves the run its numbers.
    expect(verdict(judgedStudy([{ ...runs[0]!, failure: 'A shadow model diverged.' }]))).not.toContain(
      'failed',
    );
  });

  test('tells that there is no oracle', () => {
    expect(verdict(judgedStudy(runs, { oracles: [{ seed: 0 }] }))).toBe(
      'Nothing can be said. There is no oracle that the runs could be compared with.',
    );
  });

  test('tells an original at chance', () => {
    expect(verdict(judgedStudy(runs, { originals: modelsOf([[98, 20, 11, 99]]) }))).toMatch(
      /^Nothing can be said\. The original is at chance/,
    );
  });

  test('tells an original or an oracle that has not learned what it was trained on', () => {
    const [low, lag]: Four[] = [
      [98, 20, 84, 89.9],
      [50, 75, 83, 93.9],
    ];
    expect(verdict(judgedStudy(runs, { originals: modelsOf([low!]) }))).toMatch(
      /The original is underfitted: it gets only 89\.9 % of the retained images right, so .* has to train longer\.$/,
    );
    expect(verdict(judgedStudy(runs, { oracles: modelsOf([[50, 75, 83, 80]]) }))).toMatch(
      /The oracle is underfitted/,
    );
    expect(verdict(judgedStudy(runs, { oracles: modelsOf([lag!]) }))).toMatch(
      /The oracle is underfitted: it gets only 93\.9 % of the retained images right, the original 99\.0 %, so/,
    );
    expect(verdict(judgedStudy(runs, { oracles: modelsOf([[50, 75, 83, 94]]) }))).not.toMatch(/underfitted/);
  });

  test('tells that so few images cannot tell the original from the oracle', () => {
    const few = (count: number, forget: number) =>
      verdict(judgedStudy(runs, { forget: { length: count }, oracles: modelsOf([near(forget)]) }));
    expect(few(1, 0)).toBe(
      'Nothing can be said. One forget image is too few for any number: take at least ten.',
    );
    expect(few(9, 0)).toMatch(/^Nothing can be said\. Nine forget images are too few/);
    expect(few(10, 70)).toMatch(
      /On ten forget images .* up to 41 can be chance\. More forget images are needed/,
    );
    expect(few(10, 20)).not.toMatch(/Nothing/);
    // 98 and 96 % of 200 images.
    expect(few(200, 96)).toMatch(/On 200 forget images .*: 2\.0 points lie between/);
    // With three seeds their interval decides, whatever the images' noise.
    const seeds = {
      originals: modelsOf([ORIGINAL, ORIGINAL, ORIGINAL]),
      oracles: modelsOf([near(97), near(89), near(70)]),
    };
    expect(verdict(judgedStudy(runsOf('DEL', [near(60), near(60), near(60)]), seeds))).toMatch(
      /On 200 forget images .*: 13 ± 34 points lie between their forget accuracies over three seeds\. More seeds/,
    );
  });
});

test('verdict: of a study that is at work tells how many runs are to come', () => {
  const [first, second] = [runsOf('DEL', [near(60)]), runsOf('Random', [near(60)])];
  const waiting = [{ ...second[0]!, metrics: undefined }];
  expect(verdict(judgedStudy([...first, ...waiting]))).toMatch(
    /^DEL came within .* One run is not measured yet\. One seed/,
  );
  expect(
    verdict(judgedStudy(first, { oracles: modelsOf([ORACLE]).map((oracle) => ({ ...oracle, seed: 1 })) })),
  ).toBe('Nothing can be said. No run and its oracle are both measured in full.');
});

describe('verdict: one seed', () => {
  test('of one run tells its gap, its direction and its cost', () => {
    expect(verdict(judgedStudy(runsOf('DEL', [[70, 60, 79, 95]])))).toBe(
      `DEL came within 13 points of the oracle (its gap). It still remembered 20 points more of the forget set than the oracle. It cost 4.0 points of test accuracy. It lost 4.0 points of accuracy on the retain set. ${ONE_SEED}`,
    );
    expect(verdict(judgedStudy(runsOf('DEL', [[30, 75, 87, 99]])))).toMatch(
      /It forgot 20 points more of the forget set than the oracle would\. It had a test accuracy 4\.0 points above the oracle’s\. One seed/,
    );
  });

  test('claims no order that the noise of the images explains', () => {
    const runs = [
      ...runsOf('DEL', [near(55)]),
      ...runsOf('Random', [near(62)]),
      ...runsOf('Deepest', [near(90)]),
    ];
    expect(verdict(judgedStudy(runs))).toBe(
      `DEL had the smallest gap to the oracle, 1.7 points, but Random (4.0) cannot be told from it. Random still remembered 12 points more of the forget set than the oracle. No cost in test accuracy shows. Farther off: Deepest (gap 13: still remembered 40 more). ${ONE_SEED}`,
    );
    // With ten times the images the same numbers can be told apart.
    expect(verdict(judgedStudy(runs, { forget: { length: 20_000 } }))).toMatch(
      /^DEL came nearest to the oracle/,
    );
  });

  test('counts those that it does not name', () => {
    const tied = ['A', 'B', 'C', 'D', 'E'].flatMap((name, i) => runsOf(name, [near(50 + i)]));
    expect(verdict(judgedStudy(tied))).toMatch(
      /^A had the smallest gap to the oracle, 0\.0 points, but the four others \(0\.3 to 1\.3\) cannot be told from it\. Its forget/,
    );
    const off = ['A', 'B', 'C', 'D', 'E', 'F'].flatMap((name, i) =>
      runsOf(name, [near(i === 0 ? 50 : 90 + i)]),
    );
    expect(verdict(judgedStudy(off))).toMatch(
      /Farther off: B \(.*\), C \(.*\), D \(.*\) and two more\. One seed/,
    );
  });

  test('of two seeds claims no spread', () => {
    const told = verdict(judgedStudy(runsOf('DEL', [near(70), near(74)])));
    expect(told).not.toContain('±');
    expect(told).toMatch(
      /Two seeds, 200 forget images: up to 10 points on them can be chance, and so few seeds tell no spread\.$/,
    );
  });
});

describe('verdict: three seeds', () => {
  const spread = (...forget: number[]) => forget.map(near);

  test('decides by paired differences: intervals that overlap may still be told apart', () => {
    // Far from seed to seed, but always three points of gap behind.
    const runs = [...runsOf('DEL', spread(55, 65, 75)), ...runsOf('Random', spread(64, 74, 84.1))];
    expect(verdict(judgedStudy(runs))).toBe(
      `DEL came nearest to the oracle, with a gap of 5.0 ± 8.3 points. Its forget accuracy cannot be told from the oracle’s. No cost in test accuracy shows. Farther off: Random (gap 8.0 ± 8.3). ${THREE_SEEDS}`,
    );
    const crossed = [...runsOf('DEL', spread(55, 65, 75)), ...runsOf('Random', spread(84, 74, 64))];
    expect(verdict(judgedStudy(crossed))).toMatch(
      /^DEL had the smallest gap .*, but Random \(8\.0 ± 8\.3\) cannot be told/,
    );
  });

  test('says how many seeds each has where some failed', () => {
    const runs = [...runsOf('DEL', spread(55, 56, 57)), ...runsOf('Random', spread(90))];
    expect(verdict(judgedStudy(runs))).toMatch(/One to three seeds, 200 forget images: up to 10 points/);
  });

  test('equal seeds are told apart by no less than an image', () => {
    const runs = [...runsOf('DEL', spread(50, 50, 50)), ...runsOf('Random', spread(50.5, 50.5, 50.5))];
    expect(verdict(judgedStudy(runs))).toMatch(
      /^DEL had the smallest gap .* but Random \(0\.2 ± 0\.0\) cannot be told/,
    );
  });
});

describe('verdict: what a study asks for', () => {
  test('a sweep beside others names its best budget, and which others are as good', () => {
    const runs = [
      ...runsOf('DEL · α 0.05', [near(90)], 0.05, 'del'),
      ...runsOf('DEL · α 0.1', [near(54)], 0.1, 'del'),
      ...runsOf('DEL · α 0.3', [near(52)], 0.3, 'del'),
      ...runsOf('Deepest', [near(95)]),
    ];
    expect(verdict(judgedStudy(runs))).toContain(
      'DEL, by size: α 0.3 had the smallest gap, 0.7 points, but α 0.1 cannot be told from it; α 0.05 is farther off.',
    );
    expect(verdict(judgedStudy(runs))).toMatch(/^DEL, α 0\.3 had the smallest gap/);
    // A sweep alone is what the first sentence ranks.
    expect(verdict(judgedStudy(runs.slice(0, 3)))).not.toContain('by size');
  });

  test('a strong attack is told from chance by the standard error of its area', () => {
    const attacked = (area: number) => {
      const [run] = runsOf('DEL', [near(50)]);
      return verdict(judgedStudy([{ ...run!, metrics: { ...run!.metrics, liraAuc: area, liraShadows: 8 } }]));
    };
    expect(attacked(68)).toContain(
      'U-LiRA with eight shadow models still recognised forget images after DEL (68 %), by its AUC.',
    );
    expect(attacked(53)).toContain(
      'After DEL (53 %) the AUC of U-LiRA with eight shadow models cannot be told from chance.',
    );
    expect(attacked(30)).toContain('cannot be told from chance');
  });
});

describe('verdict: properties', () => {
  const percent = fc.integer({ min: 0, max: 200 }).map((half) => half / 2);
  const four = fc.tuple(percent, percent, percent, percent) as fc.Arbitrary<Four>;
  const study = fc.integer({ min: 1, max: 4 }).chain((seeds) =>
    fc.record({
      runs: fc.array(fc.array(four, { minLength: seeds, maxLength: seeds }), { minLength: 1, maxLength: 4 }),
      oracles: fc.array(four, { minLength: seeds, maxLength: seeds }),
      order: fc.shuffledSubarray([...Array(seeds).keys()], { minLength: seeds }),
    }),
  );
  const labels = ['A', 'B', 'C', 'D'];

  test('another naming or order of the seeds changes no word', () => {
    fc.assert(
      fc.property(study, ({ runs, oracles, order }) => {
        const told = (seeds: readonly number[]) =>
          verdict(
            judgedStudy(
              runs.flatMap((numbers, i) =>
                runsOf(
                  labels[i]!,
                  seeds.map((seed) => numbers[seed]!),
                ),
              ),
              {
                oracles: modelsOf(seeds.map((seed) => [...oracles[seed]!.slice(0, 3), 99] as Four)),
                originals: modelsOf(seeds.map(() => ORIGINAL)),
              },
            ),
          );
        expect(told(order)).toBe(told([...order].sort()));
      }),
    );
  });

  test('of two groups at most one is farther, and what is farther stays so when it moves away', () => {
    fc.assert(
      fc.property(study, fc.integer({ min: 0, max: 20 }), ({ runs, oracles }, shift) => {
        const groups = measuredGroups({
          runs: runs.flatMap((numbers, i) => runsOf(labels[i]!, numbers)),
          oracles: modelsOf(oracles),
        });
        for (const a of groups)
          for (const b of groups) {
            const isOff = isFarther(a, b, SIZES);
            expect(isOff && isFarther(b, a, SIZES)).toBe(false);
            const moved = { ...a, pairs: a.pairs.map((pair) => ({ ...pair, gap: pair.gap + shift })) };
            if (isOff) expect(isFarther(moved, b, SIZES)).toBe(true);
          }
      }),
    );
  });
});
