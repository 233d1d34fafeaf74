import { localizers } from '../localize';
import type { Entry, Registry, SweptSettings } from '../settings';
import { unlearners } from '../unlearn';
import { expandSpecs, oneOrList } from './expand';
import type { Run, RunSpec, Study } from './study';
import { sweptValues } from './sweep';

export interface Lessened {
  study: Study;
  /** What the runs that are left were called before, and are called now: where a namesake went, a number behind an id goes too. */
  ids: ReadonlyMap<string, string>;
}

/**
 * The study without these runs. A spec loses a value of a list where all its runs went; where only some of them did, what is left is spelled
 * out, since a product of lists less one member is no product.
 */
export function withoutRuns(study: Study, gone: readonly string[]): Lessened {
  const all = expandSpecs(study);
  const left = all.filter(({ run }) => !gone.includes(run.id));
  const rest = (isWhole: (spec: RunSpec) => boolean): Study => ({
    ...study,
    runs: study.runs.flatMap((spec) => {
      const own = left.flatMap((each) => (each.spec === spec ? [each.run] : []));
      return isWhole(spec) ? [spec] : lessened(spec, own);
    }),
  });
  const isWhole = (spec: RunSpec) =>
    all.every(({ run, spec: own }) => own !== spec || !gone.includes(run.id));
  let changed = rest(isWhole);
  // A spec that says what another one says too would bring it back.
  if (expandSpecs(changed).length > left.length) changed = rest(() => false);
  const now = expandSpecs(changed);
  return { study: changed, ids: new Map(left.map(({ run }, i) => [run.id, now[i]!.run.id])) };
}

/** The fewest specs that give these runs of a spec. */
function lessened(spec: RunSpec, runs: readonly Run[]): RunSpec[] {
  if (runs.length === 0) return [];
  const reduced = specOf(spec, runs);
  const saying = (some: readonly Run[]) => some.map((run) => configurationOf(run) + run.seed).join();
  if (saying(expandSpecs({ runs: [reduced] }).map(({ run }) => run)) === saying(runs)) return [reduced];
  // Runs that differ only in their seed stand together.
  const configurations = new Map<string, Run[]>();
  for (const run of runs) {
    const key = configurationOf(run);
    configurations.set(key, [...(configurations.get(key) ?? []), run]);
  }
  return [...configurations.values()].map((own) => specOf(spec, own));
}

const configurationOf = ({ strategy, method, alpha, localize, unlearn }: Run): string =>
  JSON.stringify([strategy, method, alpha, localize, unlearn]);

/** The spec with those values of its lists alone that the runs have. */
function specOf(spec: RunSpec, runs: readonly Run[]): RunSpec {
  const values = <Value>(of: (run: Run) => Value) => oneOrList([...new Set(runs.map(of))]);
  const seed = values((run) => run.seed);
  if (spec.weights) return { ...spec, seed };
  const [strategy, method] = [values((run) => run.strategy), values((run) => run.method)];
  const { select, localize, unlearn } = spec;
  return {
    ...spec,
    strategy,
    method,
    alpha: values((run) => run.alpha),
    seed,
    // What runs are tuned over stays whole.
    ...(!select && localize && { localize: kept(localize, runs, 'localize') }),
    ...(!select && unlearn && { unlearn: kept(unlearn, runs, 'unlearn') }),
  };
}

/** Settings with those values of their lists alone that the runs have; a list of one stays a list, which ids and labels name. */
function kept(given: SweptSettings, runs: readonly Run[], part: 'localize' | 'unlearn'): SweptSettings {
  const registry: Registry<Entry> = part === 'localize' ? localizers : unlearners;
  const id = part === 'localize' ? runs[0]!.strategy : runs[0]!.method;
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const setting = registry.find(id)?.settings.find((each) => each.name === name);
      if (sweptValues(setting, value) !== value) return [name, value];
      const texts = new Set(runs.map((run) => JSON.stringify(run[part][name])));
      return [name, value.filter((each) => texts.has(JSON.stringify(each)))];
    }),
  );
}
