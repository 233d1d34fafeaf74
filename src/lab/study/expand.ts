import { localizers } from '../localize';
import { LetheError } from '../settings';
import { unlearners } from '../unlearn';
import { FROM_FILE } from './given-files';
import type { GivenWeights, Run, RunSpec, Study, Tuning } from './study';
import { type SweptEntries, sweepMembers, sweepSize } from './sweep';

/** More runs than this in one study is a typing error, or a hostile link. */
const MOST_RUNS = 2000;

/** Of one tuned run; as many as a list may have values. */
const MOST_CANDIDATES = 100;

/** Every run is hashed and listed with its settings: 30 budgets of all 4,810 channels of a ResNet-18, named one by one, make 4 million. */
const MOST_SETTINGS_TEXT = 5_000_000;

/** A `RunSpec`'s field may be one value or a list: as a list. */
export const listOf = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** A list of one is written as the value itself, so that links stay short and edits that are taken back leave no trace. */
export const oneOrList = <T>(list: readonly T[]): T | T[] => (list.length === 1 ? list[0]! : [...list]);

/**
 * The runs of a study in order: each spec's lists become their product (strategy, method, alpha, settings, seed); with `select` the
 * settings' lists become the candidates of each run instead. A run that says exactly what an earlier one said is left out; one that differs
 * only in what its id does not say gets a number behind it.
 * @param entries say which settings are lists by themselves
 * @throws LetheError when there are too many.
 */
export function expandRuns(
  study: Pick<Study, 'runs'>,
  entries: SweptEntries = { localizers, unlearners },
): Run[] {
  const problem = expansionProblem(study.runs, entries);
  if (problem) throw new LetheError(`The study ${problem}.`);
  const runIds = new UniqueIds();
  const candidateIds = new UniqueIds();
  const tunings = new Map<string, Tuning>();
  const runs: Run[] = [];
  for (const spec of study.runs) {
    const alike = study.runs.filter(({ label }) => label === spec.label);
    for (const { run, says } of product(spec, alike, entries)) {
      const { id, isKnown } = runIds.claim(run.id, `${run.seed} ${says}`);
      if (isKnown) continue;
      const known = tunings.get(says);
      const tuning = known ?? (run.tuning && withUniqueIds(run.tuning, says, candidateIds));
      if (tuning) tunings.set(says, tuning);
      runs.push({ ...run, id, ...(tuning && { tuning }) });
    }
  }
  return runs;
}

/** Ids that are given away, each to one content. */
class UniqueIds {
  private readonly given = new Map<string, string[]>();

  /** The id, with a number behind it where others have it for another content. */
  claim(id: string, content: string): { id: string; isKnown: boolean } {
    const earlier = this.given.get(id) ?? [];
    const at = earlier.indexOf(content);
    if (at < 0) this.given.set(id, [...earlier, content]);
    const place = at < 0 ? earlier.length : at;
    return { id: place === 0 ? id : `${id}-${place + 1}`, isKnown: at >= 0 };
  }
}

function withUniqueIds(tuning: Tuning, says: string, ids: UniqueIds): Tuning {
  return {
    ...tuning,
    candidates: tuning.candidates.map((candidate) => ({
      ...candidate,
      id: ids.claim(candidate.id, says).id,
    })),
  };
}

/** Why the runs cannot be listed, as the rest of a sentence; undefined when they can. Lists nothing itself. */
export function expansionProblem(
  specs: readonly RunSpec[],
  entries: SweptEntries = { localizers, unlearners },
): string | undefined {
  const tooMany = (size: number) =>
    size > MOST_RUNS ? `asks for ${size} runs; more than ${MOST_RUNS} are not allowed` : undefined;
  const few = tooMany(specs.reduce((sum, spec) => sum + combinations(spec) * listOf(spec.seed).length, 0));
  if (few) return few;
  const sizes = specs.map((spec) => productSize(spec, entries));
  const most = Math.max(0, ...sizes.map(({ candidates }) => candidates));
  if (most > MOST_CANDIDATES)
    return `asks for ${most} candidates of one run; more than ${MOST_CANDIDATES} are not allowed`;
  const many = tooMany(sizes.reduce((sum, { size }) => sum + size, 0));
  if (many) return many;
  const written = specs.reduce((sum, spec, i) => sum + sizes[i]!.size * settingsText(spec).length, 0);
  return written > MOST_SETTINGS_TEXT
    ? `repeats long settings in many runs, ${written} characters in all; more than ${MOST_SETTINGS_TEXT} are not allowed`
    : undefined;
}

const settingsText = ({ localize = {}, unlearn = {} }: RunSpec) => JSON.stringify({ localize, unlearn });

/** How many runs a spec would give for each seed without any sweep over settings. */
const combinations = ({ strategy, method, alpha, weights }: RunSpec): number =>
  weights ? 1 : listOf(strategy).length * listOf(method).length * listOf(alpha).length;

/** How many runs these specs give, those of candidates included; what two of them say alike counts twice. Lists nothing itself. */
export function expansionSize(
  specs: readonly RunSpec[],
  entries: SweptEntries = { localizers, unlearners },
): number {
  return specs.reduce((sum, spec) => sum + productSize(spec, entries).size, 0);
}

/** How many runs a spec gives, those of candidates included, and the most candidates of one. */
function productSize(spec: RunSpec, entries: SweptEntries): { size: number; candidates: number } {
  const seeds = listOf(spec.seed).length;
  if (spec.weights) return { size: seeds, candidates: 0 };
  const budgets = listOf(spec.alpha).length;
  const unlearnings = listOf(spec.method).map((id) => sweepSize(entries.unlearners.find(id), spec.unlearn));
  const members = listOf(spec.strategy).flatMap((id) => {
    const localizings = sweepSize(entries.localizers.find(id), spec.localize);
    return unlearnings.map((size) => localizings * size);
  });
  const size = members.reduce((sum, each) => sum + budgets * (spec.select ? seeds + each : seeds * each), 0);
  return { size, candidates: spec.select ? Math.max(...members) : 0 };
}

/** A run, and a text that is equal for runs that say the same but for their seed. */
interface Said {
  run: Run;
  says: string;
}

/** @param alike specs with the same label, this one among them */
function* product(spec: RunSpec, alike: readonly RunSpec[], entries: SweptEntries): Generator<Said> {
  if (spec.weights) {
    yield* fileRuns(spec, spec.weights);
    return;
  }
  for (const strategy of listOf(spec.strategy))
    for (const method of listOf(spec.method)) {
      const localizings = sweepMembers(entries.localizers.find(strategy), spec.localize);
      const unlearnings = sweepMembers(entries.unlearners.find(method), spec.unlearn);
      const members = localizings.flatMap((localize) =>
        unlearnings.map((unlearn) => ({
          localize: localize.settings,
          unlearn: unlearn.settings,
          varied: [...Object.entries(localize.varied), ...Object.entries(unlearn.varied)],
        })),
      );
      for (const alpha of listOf(spec.alpha)) {
        const base = `${strategy}-${method}-a${alpha}`;
        const runOf = (member: (typeof members)[number], seed: number): Run => {
          const swept = spec.select ? [] : member.varied;
          return {
            id: `${[base, ...swept.map(([name, text]) => name + plainText(text))].join('-')}-s${seed}`,
            label: labelOf(spec, alike, { strategy, method, alpha, seed }, swept),
            strategy,
            method,
            alpha,
            seed,
            localize: member.localize,
            unlearn: member.unlearn,
            ...(spec.mask && { mask: spec.mask }),
          };
        };
        const saying = (what: object) => JSON.stringify([strategy, method, alpha, spec.mask, what]);
        const { select } = spec;
        if (select) {
          const candidates = members.map(({ localize, unlearn }, i) => ({
            id: `${base}-s${select.seed}-c${i + 1}`,
            localize,
            unlearn,
          }));
          const { localize, unlearn } = spec;
          const given = { ...(localize && { localize }), ...(unlearn && { unlearn }) };
          const tuning: Tuning = { ...select, candidates, given };
          const says = saying([given, select]);
          for (const seed of listOf(spec.seed)) yield { run: { ...runOf(members[0]!, seed), tuning }, says };
        } else
          for (const member of members) {
            const says = saying([member.localize, member.unlearn]);
            for (const seed of listOf(spec.seed)) yield { run: runOf(member, seed), says };
          }
      }
    }
}

/** Fit for a file name, whatever stands in a study. */
const plainText = (text: string): string => text.replace(/[^\w.+-]+/g, '-').slice(0, 40);

/** The spec that gives this run alone. */
export function specOfRun({ id: _, tuning, ...run }: Run): RunSpec {
  if (!tuning) return run;
  const { by, seed, given } = tuning;
  const { localize: _first, unlearn: _same, ...rest } = run;
  return { ...rest, ...given, select: { by, seed } };
}

/** A model from a file, compared with the original and the oracle of each seed. */
function* fileRuns(spec: RunSpec, weights: GivenWeights): Generator<Said> {
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
    const run = {
      id: `file-${slug || 'model'}-s${seed}`,
      label: listOf(spec.seed).length > 1 ? `${label} · seed ${seed}` : label,
      ...own,
      seed,
      localize: {},
      unlearn: {},
      weights,
    };
    yield { run, says: JSON.stringify(weights) };
  }
}

/** The spec's own label (or strategy and method), followed by the values that differ between the runs of that label. */
function labelOf(
  spec: RunSpec,
  alike: readonly RunSpec[],
  run: Pick<Run, 'strategy' | 'method' | 'alpha' | 'seed'>,
  swept: readonly [string, string][],
): string {
  const differs = (ids: (each: RunSpec) => string | string[]) =>
    new Set(alike.flatMap((each) => listOf(ids(each)))).size > 1;
  const parts = [spec.label ?? `${run.strategy} · ${run.method}`];
  if (spec.label && differs(({ strategy }) => strategy)) parts.push(run.strategy);
  if (spec.label && differs(({ method }) => method)) parts.push(run.method);
  parts.push(...swept.map(([name, text]) => `${name} ${text}`));
  if (listOf(spec.alpha).length > 1) parts.push(`α ${run.alpha}`);
  if (listOf(spec.seed).length > 1) parts.push(`seed ${run.seed}`);
  return parts.join(' · ');
}
