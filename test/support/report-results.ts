import type { StudyResult } from '../../src/lab/study/result';
import { fixtureStudy } from './fixture-study';

/** Everything that TeX, spreadsheets or pages would take for a command of theirs. */
export const NASTY = 'A & 50% of_{#1} $x$ ~^\\input{/etc/passwd} "α/Δ" − naïve ß Ž <b>|</b>\n%=1+1 “q”';

/** Three seeds of two configurations with deltas that can be checked by hand, and of a third one only the first seed. */
export function reportResult(name = 'Test'): StudyResult {
  const fixture = fixtureStudy();
  const runsOf = (strategy: string) =>
    fixture.runs.filter((run) => run.strategy === strategy && run.alpha === 0.1);
  const withDeltas = (strategy: string, forget: number[]) =>
    runsOf(strategy)
      .slice(0, forget.length)
      .map((run, i) => ({ ...run, deltas: { forgetAccuracy: forget[i]!, mia: 1, testAccuracy: -2 } }));
  return {
    ...fixture,
    study: { ...fixture.study, name, data: { ...fixture.study.data, source: 'fashion-mnist-mini' } },
    runs: [
      ...withDeltas('del', [1, 2, 3]),
      ...withDeltas('deepest', [-40, -41, -62]),
      ...withDeltas('shallowest', [5]),
    ],
  };
}
