import { doneText } from '../lab/format';
import type { LabEvent, StageProgress } from '../lab/lab-api';
import { perExampleText } from '../lab/localize/per-example';
import type { StageRef } from '../lab/plan/plan';
import { tunedText } from '../lab/results/tuned-text';
import { loadingTimed } from '../lab/session/load-progress';
import { stages } from '../lab/stages';
import type { CommandContext } from './command';
import type { PathWatch } from './local-data';
import { ERASE_LINE, WRAP_OFF, WRAP_ON } from './printable';

/** Without a terminal a line of progress is printed this often, in milliseconds. */
const QUIET_MS = 10_000;

const DAY = 24 * 3600;

/** `1:05`, `2:03:10`, `12 days`. */
export function duration(seconds: number): string {
  if (seconds > 3 * DAY) return `${Math.round(seconds / DAY).toLocaleString('en-US')} days`;
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

function nameOf({ stage, seed, runs, model, about }: StageRef): string {
  if (about !== undefined) return `${stage} ${about}`;
  if (model !== undefined) return `${stage} ${model + 1}`;
  // Of what is planned for each run by itself, the run says more than the seed.
  const one = runs.length === 1 && stages.find(stage)?.plan?.run ? ` ${runs[0]}` : '';
  return one ? stage + one : `${stage}${seed === undefined ? '' : ` (seed ${seed})`}`;
}

/** `12 %, 5 of 40 steps, 230 images/s, 0:09 left`, or for what another process is at. */
export function describeProgress(progress: StageProgress): string {
  if (progress.waiting)
    return `waiting for another process that is ${progress.counted === 'bytes' ? 'loading the same data' : 'at it'}`;
  const { done, total, imagesPerSecond, etaSeconds } = progress;
  const parts = [`${Math.round((100 * done) / Math.max(1, total))} %`, doneText(progress)];
  if (progress.checking) parts.unshift('checking what the cache holds');
  if (imagesPerSecond !== undefined) parts.push(`${Math.round(imagesPerSecond)} images/s`);
  if (etaSeconds !== undefined) parts.push(`${duration(etaSeconds)} left`);
  return parts.join(', ');
}

/** Overwrites the current line. A line that wraps could not be overwritten whole, so it is cut at the terminal's width. */
const overwriting = (text: string): string => ERASE_LINE + WRAP_OFF + text + WRAP_ON;

/** Prints a line of progress to stderr: rewritten on a terminal ten times a second, else every ten seconds. */
export function statusLine({
  stderr,
  interactive,
}: Pick<CommandContext, 'stderr' | 'interactive'>): (text: () => string) => void {
  let shown = performance.now();
  return (text) => {
    const at = performance.now();
    if (at - shown < (interactive ? 100 : QUIET_MS)) return;
    shown = at;
    stderr(interactive ? overwriting(text()) : `${text()}\n`);
  };
}

/** Prints how far a data set is loaded while no study runs that would print it. */
export function watchLoading(
  name: string,
  context: Pick<CommandContext, 'stderr' | 'interactive' | 'signal'>,
): PathWatch {
  const line = statusLine(context);
  const timed = loadingTimed(() => performance.now());
  return {
    signal: context.signal,
    onProgress: (progress) => line(() => `${name}: ${describeProgress(timed(progress))}`),
    onRead: (text) => context.stderr(`${context.interactive ? '\r\x1b[K' : ''}${text}\n`),
  };
}

/**
 * Prints events to stderr: on a terminal one line that is overwritten, else a line every ten seconds, and one line for every
 * finished stage. `now` is a clock in milliseconds.
 */
export function progressPrinter(
  write: (text: string) => void,
  interactive: boolean,
  now: () => number = () => performance.now(),
): (event: LabEvent) => void {
  let studyEta: number | undefined;
  let shown = now();
  let stages = 0;
  let finished = 0;
  /** The stage that waits for another process: said at once, since nothing else is to be seen. */
  let waiting = '';
  const line = (text: string) => write(interactive ? `${ERASE_LINE}${text}\n` : `${text}\n`);
  return (event) => {
    switch (event.type) {
      case 'study-started':
        stages = event.stages.length;
        finished = 0;
        studyEta = undefined;
        return;
      case 'stages-settled':
        stages = event.stages.length;
        return;
      case 'selected': {
        const { tuned } = event;
        line(`    ${tuned.runs.join(', ')}: ${tunedText(tuned)}`);
        return;
      }
      case 'study-progress':
        studyEta = event.etaSeconds;
        return;
      case 'stage-progress': {
        const rest = studyEta === undefined ? '' : ` · study ${duration(studyEta)} left`;
        const text = `[${finished + 1}/${stages}] ${nameOf(event.ref)}: ${describeProgress(event.progress)}${rest}`;
        const begins = event.progress.waiting === true && waiting !== event.ref.key;
        waiting = event.progress.waiting ? event.ref.key : '';
        if (interactive) write(overwriting(text));
        else if (begins || now() - shown >= QUIET_MS) {
          shown = now();
          write(`${text}\n`);
        }
        return;
      }
      case 'stage-done':
        finished++;
        line(
          `[${finished}/${stages}] ${nameOf(event.ref)}: ${event.cached ? 'from the cache' : duration(event.seconds)}`,
        );
        shown = now();
        return;
      case 'stage-spared':
        finished++;
        return;
      case 'runs-failed':
        finished++;
        line(`[${finished}/${stages}] ${event.ref.runs.join(', ')} failed: ${event.message}`);
        return;
      case 'scores': {
        const { strategy, perExample } = event.map;
        if (perExample) line(`    ${strategy}: ${perExampleText(perExample)}`);
        return;
      }
      case 'metrics': {
        const { forgetAccuracy, retainAccuracy, testAccuracy, trueLabelAccuracy } = event.metrics;
        const { liraAuc, liraShadows } = event.metrics;
        const percent = (value: number | undefined) => (value === undefined ? '–' : `${value.toFixed(1)} %`);
        const right = trueLabelAccuracy === undefined ? '' : ` (true label ${percent(trueLabelAccuracy)})`;
        const attack =
          liraAuc === undefined ? '' : `, U-LiRA AUC ${percent(liraAuc)} (${liraShadows} shadow models)`;
        const of = event.of === 'run' ? event.ref.runs.join(', ') : event.of;
        line(
          `    ${of}: forget ${percent(forgetAccuracy)}${right}, retain ${percent(retainAccuracy)}, test ${percent(testAccuracy)}${attack}`,
        );
        return;
      }
      case 'device-lost':
        line(event.message);
        return;
    }
  };
}
