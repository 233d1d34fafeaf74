import { parseArgs } from 'node:util';
import { LetheError } from '../../src/lab/settings';
import type { Step } from './step';

/** What a sitting is asked for. */
export interface SittingOptions {
  minutes: number;
  /** Folder of the results; default: `bench/results/<adapter>`. */
  out?: string;
  steps: Step[];
  /** Whether earlier results in the folder stay, and what is done there is not repeated. */
  resume: boolean;
  /** Whether results of other steps stay. */
  partial: boolean;
}

export const USAGE = `npm run sitting -- [--minutes 10] [--out DIR] [--only STEP,…] [--from STEP] [--resume] [--list]

  --minutes N    the whole takes at most so long; default 10
  --out DIR      folder of the results; default bench/results/<adapter>
  --only STEPS   these steps alone, separated by commas; results of the others stay
  --from STEP    this step and those after it; results of the others stay
  --resume       goes on: steps that are done are not repeated, and studies go on where they were
  --list         lists the steps`;

/** @throws LetheError in one sentence. */
export function readOptions(argv: string[], steps: readonly Step[]): SittingOptions {
  let values: { minutes?: string; out?: string; only?: string; from?: string; resume?: boolean };
  try {
    ({ values } = parseArgs({
      args: argv,
      options: {
        minutes: { type: 'string' },
        out: { type: 'string' },
        only: { type: 'string' },
        from: { type: 'string' },
        resume: { type: 'boolean' },
      },
    }));
  } catch (error) {
    throw new LetheError(`${(error as Error).message.split('.')[0]}; usage:\n${USAGE}`);
  }
  const minutes = Number(values.minutes ?? 10);
  if (!(minutes > 0 && minutes <= 24 * 60))
    throw new LetheError(`--minutes must be a number above 0, not "${values.minutes}".`);
  const place = (id: string) => {
    const at = steps.findIndex((step) => step.id === id);
    if (at < 0)
      throw new LetheError(
        `There is no step "${id}"; known are: ${steps.map((step) => step.id).join(', ')}.`,
      );
    return at;
  };
  const only = values.only?.split(',').map((id) => place(id.trim()));
  const from = values.from === undefined ? 0 : place(values.from);
  return {
    minutes,
    out: values.out,
    steps: steps.filter((_, at) => at >= from && (!only || only.includes(at))),
    resume: values.resume ?? false,
    partial: only !== undefined || values.from !== undefined || values.resume === true,
  };
}
