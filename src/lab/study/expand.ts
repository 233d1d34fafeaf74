import { localizers } from '../localize';
import { type Entry, LetheError, parseSettings, type Settings, type SweptSettings } from '../settings';
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
 * settings' lists become the candidates of each run instead. A run that says exactly what an earlier one said is left out. Runs that differ in
 * what neither id nor label says get a number behind the id, the same for all seeds, and what differs into the label.
 * @param entries say which settings are lists by themselves
 * @throws LetheError when there are too many.
 */
export function expandRuns(study: Pick<Study, 'runs'>, entries?: SweptEntries): Run[] {
  return expandSpecs(study, entries).map(({ run }) => run);
}

/** The same, each run with the spec that it was first said by. */
export function expandSpecs(
  study: Pick<Study, 'runs'>,
  entries: SweptEntries = { localizers, unlearners },
): { run: Run; spec: RunSpec }[] {
  const problem = expansionProblem(study.runs, entries);
  if (problem) throw new LetheError(`The study ${problem}.`);
  const numbers = new Numbers();
  const tunings = new Map<string, Tuning>();
  const all: (Said & { spec: RunSpec })[] = [];
  const ids = new Set<string>();
  for (const spec of study.runs) {
    const alike = study.runs.filter(({ label }) => label === spec.label);
    for (const said of product(spec, alike, entries)) {
      const id = numbers.withNumber(said.run.id, said.run.id.replace(/-s\d+$/, ''), said.says);
      if (ids.has(id)) continue;
      ids.add(id);
      all.push({ ...said, spec, run: { ...said.run, id } });
    }
  }
  const differing = differencesOf(all, entries);
  return all.map(({ run, spec, says, named, varied }) => {
    const tuning = tunings.get(says) ?? (run.tuning && withUniqueIds(run.tuning, says, numbers));
    if (tuning) tunings.set(says, tuning);
    const label = [...named, ...(differing.get(says) ?? []), ...varied].join(' · ');
    return { spec, run: { ...run, label, ...(tuning && { tuning }) } };
  });
}

/** Numbers for what has the same name and says something else. */
class Numbers {
  private readonly given = new Map<string, string[]>();

  /** The id, with a number behind it where the name was first given to other contents. */
  withNumber(id: string, name: string, content: string): string {
    const earlier = this.given.get(name) ?? [];
    const at = earlier.indexOf(content);
    if (at < 0) this.given.set(name, [...earlier, content]);
    const place = at < 0 ? earlier.length : at;
    return place === 0 ? id : `${id}-${place + 1}`;
  }
}

function withUniqueIds(tuning: Tuning, says: string, numbers: Numbers): Tuning {
  return {
    ...tuning,
    candidates: tuning.candidates.map((candidate) => ({
      ...candidate,
      id: numbers.withNumber(candidate.id, candidate.id, says),
    })),
  };
}

/** What tells runs apart that have the same label, strategy, method and budget: for each content the parts of a label. */
function differencesOf(all: readonly Said[], entries: SweptEntries): Map<string, string[]> {
  const namesakes = new Map<string, Map<string, Said['run']>>();
  for (const { run, says, named } of all) {
    const name = [...named, run.strategy, run.method, run.alpha].join(' · ');
    const contents = namesakes.get(name) ?? new Map<string, Said['run']>();
    namesakes.set(name, contents.set(says, contents.get(says) ?? run));
  }
  const found = new Map<string, string[]>();
  for (const contents of namesakes.values()) {
    if (contents.size < 2) continue;
    const facts = [...contents.values()].map((run) => factsOf(run, entries));
    const names = [...new Set(facts.flatMap((own) => [...own.keys()]))];
    const differ = names.filter((name) => new Set(facts.map((own) => own.get(name))).size > 1);
    [...contents.keys()].forEach((says, i) => {
      found.set(
        says,
        differ.flatMap((name) => facts[i]!.get(name) ?? []),
      );
    });
  }
  return found;
}

/** What a run is made with, as parts of a label by what they are about: settings, those left to their defaults included, mask and tuning. */
function factsOf({ strategy, method, localize, unlearn, tuning, mask }: Said['run'], entries: SweptEntries) {
  const facts = new Map<string, string>();
  const add = (part: string, entry: Entry | undefined, own: Settings, given: SweptSettings = {}) => {
    const settings = entry ? parseSettings(entry.settings, own).settings : own;
    for (const [name, value] of Object.entries({ ...settings, ...given }))
      facts.set(`${part}.${name}`, `${name} ${Array.isArray(value) ? listedValues(value) : value}`);
  };
  // Of a tuned run the values that it chooses among, not those of its first candidate.
  add('localize', entries.localizers.find(strategy), localize, tuning?.given.localize);
  add('unlearn', entries.unlearners.find(method), unlearn, tuning?.given.unlearn);
  if (mask) facts.set('mask', `mask ${mask.file}`);
  if (tuning) facts.set('select', `tuned by ${tuning.by} on seed ${tuning.seed}`);
  return facts;
}

const listedValues = (values: readonly unknown[]): string =>
  values.length > 4 ? `of ${values.length} (${values[0]}…)` : values.join('/');

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

/** A run without its label, which also depends on the others. */
interface Said {
  run: Omit<Run, 'label'>;
  /** Equal for runs that say the same but for their seed. */
  says: string;
  /** Parts of the label: first the name and what it is swept over, at last the budget and seed. */
  named: string[];
  varied: string[];
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
        const said = (member: (typeof members)[number], seed: number, what: object): Said => {
          const swept = spec.select ? [] : member.varied;
          const run = {
            id: `${[base, ...swept.map(([name, text]) => name + plainText(text))].join('-')}-s${seed}`,
            strategy,
            method,
            alpha,
            seed,
            localize: member.localize,
            unlearn: member.unlearn,
            ...(spec.mask && { mask: spec.mask }),
          };
          const says = JSON.stringify([strategy, method, alpha, spec.mask, what]);
          return { run, says, ...labelParts(spec, alike, run, swept) };
        };
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
          for (const seed of listOf(spec.seed)) {
            const one = said(members[0]!, seed, [given, select]);
            yield { ...one, run: { ...one.run, tuning } };
          }
        } else
          for (const member of members)
            for (const seed of listOf(spec.seed)) yield said(member, seed, [member.localize, member.unlearn]);
      }
    }
}

/** Fit for a file name, whatever stands in a study. */
const plainText = (text: string): string => text.replace(/[^\w.+-]+/g, '-').slice(0, 40);

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
    const run = { id: `file-${slug || 'model'}-s${seed}`, ...own, seed, localize: {}, unlearn: {}, weights };
    const varied = listOf(spec.seed).length > 1 ? [`seed ${seed}`] : [];
    yield { run, says: JSON.stringify(weights), named: [spec.label ?? name], varied };
  }
}

/** The spec's own label (or strategy and method), followed by the values that differ between the runs of that label. */
function labelParts(
  spec: RunSpec,
  alike: readonly RunSpec[],
  run: Pick<Run, 'strategy' | 'method' | 'alpha' | 'seed'>,
  swept: readonly [string, string][],
): Pick<Said, 'named' | 'varied'> {
  const differs = (ids: (each: RunSpec) => string | string[]) =>
    new Set(alike.flatMap((each) => listOf(ids(each)))).size > 1;
  const named = [spec.label ?? `${run.strategy} · ${run.method}`];
  if (spec.label && differs(({ strategy }) => strategy)) named.push(run.strategy);
  if (spec.label && differs(({ method }) => method)) named.push(run.method);
  named.push(...swept.map(([name, text]) => `${name} ${text}`));
  const varied: string[] = [];
  if (listOf(spec.alpha).length > 1) varied.push(`α ${run.alpha}`);
  if (listOf(spec.seed).length > 1) varied.push(`seed ${run.seed}`);
  return { named, varied };
}
