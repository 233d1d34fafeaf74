import { candidatesText, tunedText } from '../../../lab/results/tuned-text';
import type { Tuned } from '../../../lab/study/result';
import { runName } from '../../state/run-estimates';
import type { RunView } from '../../state/view';

interface Props {
  tuned: readonly Tuned[];
  runs: readonly RunView[];
}

/** How the settings of tuned runs were chosen, with the numbers of all candidates. */
export function TunedRuns({ tuned, runs }: Props) {
  const shown = tuned.filter((own) => runs.some(({ id }) => own.runs.includes(id)));
  if (shown.length === 0) return null;
  const alike = candidatesText(runs, tuned);
  return (
    <ul className="runs-notes" aria-label="How settings were chosen">
      {shown.map((own) => (
        <li key={own.runs[0]}>
          <strong>{nameOf(own, runs)}</strong> is tuned: {tunedText(own)}
        </li>
      ))}
      {alike && <li>{alike}</li>}
    </ul>
  );
}

/** Of the runs that use the winner, which differ in their seed alone. */
function nameOf({ runs: ids }: Tuned, runs: readonly RunView[]): string {
  const own = runs.find(({ id }) => ids.includes(id));
  return own ? runName(own, runs).replace(/, seed \d+$/, '') : ids[0]!;
}
