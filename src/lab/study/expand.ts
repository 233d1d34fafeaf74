import { LetheError } from '../settings';
import { FROM_FILE } from './given-files';
import type { GivenWeights, Run, RunSpec, Study } from './study';

/** More runs than this in one study is a typing error, or a hostile link. */
const MOST_RUNS = 2000;

/** Every run is hashed and listed with its settings: 30 budgets of all 4,810 channels of a ResNet-18, named one by one, make 4 million. */
const MOST_SETTINGS_TEXT = 5_000_000;

/** A `RunSpec`'s field may be one value or a list: as a list. */
export const listOf = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/**
 * The runs of a study in order: each spec's lists become their product (strategy, method, alpha, seed). A run that says
 * exactly what an earlier one said is left out; one that differs only in settings gets a number behind its id.
 * @throws LetheError when there are too many.
 */
export function expandRuns(study: Study): Run[] {
  const problem = expansionProblem(study.runs);
  if (problem) throw new LetheError(`The study ${problem}.`);
  const settings = study.runs.map(settingsText);
  const seen = new Map<string, string[]>();
  const runs: Run[] = [];
  for (const [i, spec] of study.runs.entries()) {
    const first = settings.indexOf(settings[i]!);
    const alike = study.runs.filter(({ label }) => label === spec.label);
    for (const run of product(spec, alike)) {
      const { id, strategy, method, alpha, seed } = run;
      const text = JSON.stringify([strategy, method, alpha, seed, first]);
      const earlier = seen.get(id) ?? [];
      if (earlier.includes(text)) continue;
      seen.set(id, [...earlier, text]);
      runs.push(earlier.length === 0 ? run : { ...run, id: `${id}-${earlier.length + 1}` });
    }
  }
  return runs;
}

/** Why the runs cannot be listed, as the rest of a sentence; undefined when they can. Lists nothing itself. */
export function expansionProblem(specs: readonly RunSpec[]): string | undefined {
  const size = specs.reduce((sum, spec) => sum + productSize(spec), 0);
  if (size > MOST_RUNS) return `asks for ${size} runs; more than ${MOST_RUNS} are not allowed`;
  const written = specs.reduce((sum, spec) => sum + productSize(spec) * settingsText(spec).length, 0);
  return written > MOST_SETTINGS_TEXT
    ? `repeats long settings in many runs, ${written} characters in all; more than ${MOST_SETTINGS_TEXT} are not allowed`
    : undefined;
}

const settingsText = ({ localize = {}, unlearn = {} }: RunSpec) => JSON.stringify({ localize, unlearn });

function productSize({ strategy, method, alpha, seed, weights }: RunSpec): number {
  if (weights) return listOf(seed).length;
  return listOf(strategy).length * listOf(method).length * listOf(alpha).length * listOf(seed).length;
}

/** @param alike specs with the same label, this one among them */
function* product(spec: RunSpec, alike: readonly RunSpec[]): Generator<Run> {
  if (spec.weights) {
    yield* fileRuns(spec, spec.weights);
    return;
  }
  for (const strategy of listOf(spec.strategy))
    for (const method of listOf(spec.method))
      for (const alpha of listOf(spec.alpha))
        for (const seed of listOf(spec.seed))
          yield {
            id: `${strategy}-${method}-a${alpha}-s${seed}`,
            label: labelOf(spec, alike, { strategy, method, alpha, seed }),
            strategy,
            method,
            alpha,
            seed,
            localize: spec.localize ?? {},
            unlearn: spec.unlearn ?? {},
            ...(spec.mask && { mask: spec.mask }),
          };
}

/** A model from a file, compared with the original and the oracle of each seed. */
function* fileRuns(spec: RunSpec, weights: GivenWeights): Generator<Run> {
  const name = weights.file.split(/[\\/]/).at(-1)!;
  const slug = name
    .replace(/\.(safetensors|pth\.tar|pth|pt|ckpt|pkl)$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const own = { ...FROM_FILE, alpha: 1 };
  for (const seed of listOf(spec.seed)) {
    const label = spec.label ?? name;
    yield {
      id: `file-${slug || 'model'}-s${seed}`,
      label: listOf(spec.seed).length > 1 ? `${label} · seed ${seed}` : label,
      ...own,
      seed,
      localize: {},
      unlearn: {},
      weights,
    };
  }
}

/** The spec's own label (or strategy and method), followed by the values that differ between the runs of that label. */
function labelOf(
  spec: RunSpec,
  alike: readonly RunSpec[],
  run: Pick<Run, 'strategy' | 'method' | 'alpha' | 'seed'>,
): string {
  const differs = (ids: (each: RunSpec) => string | string[]) =>
    new Set(alike.flatMap((each) => listOf(ids(each)))).size > 1;
  const parts = [spec.label ?? `${run.strategy} · ${run.method}`];
  if (spec.label && differs(({ strategy }) => strategy)) parts.push(run.strategy);
  if (spec.label && differs(({ method }) => method)) parts.push(run.method);
  if (listOf(spec.alpha).length > 1) parts.push(`α ${run.alpha}`);
  if (listOf(spec.seed).length > 1) parts.push(`seed ${run.seed}`);
  return parts.join(' · ');
}
