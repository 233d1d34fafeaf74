import { mkdir, readFile, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT } from '../../src/cli/exit-codes';
import { duration } from '../../src/cli/progress';
import { LetheError } from '../../src/lab/settings';
import { adapterSlug } from '../report';
import { findAdapter } from './adapter';
import { readJson } from './files';
import { readOptions, type SittingOptions, USAGE } from './options';
import { limitOf } from './plan-time';
import { runCommands } from './run-step';
import type { Build, Place, Step, StepRecord } from './step';
import { steps as allSteps } from './steps';
import { type Summary, summaryText, writeSummary } from './summary';

const PROBE = fileURLToPath(new URL('./probe.mjs', import.meta.url));
/** Without a terminal what a step says is shown this often. */
const QUIET_MS = 10_000;

/** What a command line needs to be built before `sit` is called; nothing when it only asks for help or is wrong. */
export function buildsFor(argv: string[]): Build[] {
  try {
    return [...new Set(readOptions(argv, allSteps).steps.flatMap(({ needs }) => needs))];
  } catch {
    return [];
  }
}

/**
 * `npm run sitting`: does the steps in their order, each within its time, and writes after each what is known.
 * @param root the repository, or the unpacked archive
 * @returns the exit code
 */
export async function sit(argv: string[], root: string): Promise<number> {
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  if (argv.includes('--help') || argv.includes('--list')) {
    const width = Math.max(...allSteps.map(({ id }) => id.length));
    say(
      argv.includes('--help')
        ? USAGE
        : allSteps.map(({ id, title }) => `${id.padEnd(width)}  ${title}`).join('\n'),
    );
    return EXIT.done;
  }
  try {
    return await hold(readOptions(argv, allSteps), root, say);
  } catch (error) {
    if (!(error instanceof LetheError)) throw error;
    say(`sitting: ${error.message}`);
    return EXIT.badInput;
  }
}

async function hold(options: SittingOptions, root: string, say: (text: string) => void): Promise<number> {
  const begin = performance.now();
  const left = () => 60 * options.minutes - (performance.now() - begin) / 1000;
  const works = join(root, 'lethe-out', 'sitting');
  const found = findAdapter(root, PROBE, join(works, 'drivers'));
  if (typeof found === 'string') throw new LetheError(found);
  const slug = adapterSlug(found.adapter.label);
  const out = resolve(options.out ?? join(root, 'bench', 'results', slug));
  const work = options.out ? join(out, 'work') : join(works, slug);
  await mkdir(out, { recursive: true });
  await mkdir(work, { recursive: true });
  say(`${found.adapter.label}, by ${found.search.what}; results go to ${out}.`);

  const before = options.partial ? await readJson<Summary>(join(out, 'summary.json')) : undefined;
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const summary: Summary = {
    version,
    adapter: found.adapter,
    driver: found.search.what,
    host: { processors: cpus().length, node: process.versions.node },
    started: new Date().toISOString(),
    minutes: options.minutes,
    steps: before?.steps ?? [],
  };
  const recordOf = (id: string) => summary.steps.find((record) => record.id === id);
  const place: Place = { root, out, work, probe: PROBE, adapter: found.adapter, found: {} };
  for (const { id, found: earlier } of summary.steps) place.found[id] = earlier;
  const wanted = options.steps
    .filter(({ id }) => !(options.resume && recordOf(id)?.status === 'done'))
    .map((step) => ({ ...step, least: (found.adapter.software && step.leastOnCpu) || step.least }));

  const interrupt = new AbortController();
  const stop = () => interrupt.abort();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  const env = { ...process.env, ...found.search.env };
  for (const [i, step] of wanted.entries()) {
    const head = `[${i + 1}/${wanted.length}] ${step.title}`;
    const limit = limitOf(wanted.slice(i), left());
    say(limit === undefined ? head : `${head}: at most ${duration(limit)}, ${duration(left())} left`);
    if (!options.resume) await forget(place, step);
    const record = await runStep(step, limit, left(), place, env, interrupt.signal, say);
    place.found[step.id] = record.found;
    summary.steps = inOrder([...summary.steps.filter(({ id }) => id !== step.id), record]);
    await writeSummary(out, summary);
    say(
      `    ${record.status}${record.told ? `: ${record.told}` : ''}${record.reason ? ` ${record.reason}` : ''}`,
    );
    if (interrupt.signal.aborted) {
      say(`Stopped; the same command with --resume goes on. Results so far: ${join(out, 'summary.md')}`);
      return EXIT.stopped;
    }
  }
  process.stdout.write(summaryText(summary));
  say(`Written: ${join(out, 'summary.md')}`);
  return summary.steps.some(({ status }) => status === 'failed') ? EXIT.failed : EXIT.done;
}

/** What an earlier sitting has left of a step must not be taken for this one's. */
async function forget({ out, work }: Place, { id }: Step): Promise<void> {
  for (const path of [join(out, `${id}.json`), join(out, `${id}.log`), join(work, id)])
    await rm(path, { recursive: true, force: true });
}

const inOrder = (records: StepRecord[]): StepRecord[] =>
  allSteps.flatMap(({ id }) => records.find((record) => record.id === id) ?? []);

/** Runs one step. @param limit undefined when it does not fit into the time that is left */
export async function runStep(
  step: Step,
  limit: number | undefined,
  left: number,
  place: Place,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<StepRecord> {
  const { id, title } = step;
  const leftOut = (reason: string): StepRecord => ({ id, title, status: 'left out', seconds: 0, reason });
  if (limit === undefined)
    return leftOut(`${Math.max(0, Math.round(left))} seconds are left, and it needs ${step.least}.`);
  const commands = await step.commands(place, limit);
  if (typeof commands === 'string') return leftOut(commands);
  const log = join(place.out, `${id}.log`);
  const { status, ...ending } = await runCommands(commands, limit, {
    cwd: place.root,
    env,
    log,
    signal,
    onLine: now(say),
  });
  const found = await step.collect(place);
  return {
    id,
    title,
    status: status === 'stopped' ? 'cut' : status,
    ...ending,
    ...(status === 'stopped' && { reason: 'The sitting was interrupted.' }),
    limit,
    ...(found !== undefined && { told: step.tell(found), found }),
  };
}

/** Shows a line now and then. */
function now(say: (text: string) => void): (line: string) => void {
  let shown = performance.now();
  return (line) => {
    if (performance.now() - shown < QUIET_MS) return;
    shown = performance.now();
    say(`    ${line.slice(0, 160)}`);
  };
}
