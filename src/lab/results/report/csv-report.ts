import { type Cell, sixDigits, toCsv } from '../../csv';
import { distances } from '../../evaluate/deltas';
import { knownInterval } from '../../evaluate/student';
import type { RunOutcome } from '../../study/result';
import { groupRuns, hasBudget } from '../run-groups';
import { type RunSettings, settingsOfRuns } from '../run-settings';
import type { Measured } from './columns';
import { type Reported, type ReportOptions, studyLink } from './reported';
import { comparedOriginals } from './table';

/** Models that differ only in their seed. */
interface Configuration {
  model: 'original' | 'oracle' | 'run';
  label: string;
  method?: string;
  strategy?: string;
  alpha?: number;
  settings?: RunSettings;
  outcomes: Measured[];
}

/** One row for every model of every seed: what a data frame is made of. */
export function csvReport(results: readonly Reported[], options: ReportOptions = {}): string {
  const names = numberNames(results);
  const header = [...IDENTITY, 'seed', 'n', 'epochs', 'rate', ...names, ...ORIGIN];
  const rows = results.flatMap((result) =>
    configurationsOf(result, options).flatMap((configuration) =>
      configuration.outcomes.map((outcome) => [
        ...identityOf(configuration),
        outcome.seed,
        configuration.outcomes.length,
        ...recipeOf(configuration, result),
        ...names.map((name) => rounded(numbersOf(outcome)[name])),
        ...originOf(result, options),
      ]),
    ),
  );
  return `${toCsv(header, rows)}\r\n`;
}

/** One row for the seeds of a configuration together: of every number the mean, the standard deviation and half the interval. */
export function csvMeans(results: readonly Reported[], options: ReportOptions = {}): string {
  const names = numberNames(results);
  const header = [
    ...IDENTITY,
    'seeds',
    'n',
    'epochs',
    'rate',
    ...names.flatMap((name) => [name, `${name}_std`, `${name}_half95`]),
    ...ORIGIN,
  ];
  const rows = results.flatMap((result) =>
    configurationsOf(result, options).map((configuration) => [
      ...identityOf(configuration),
      configuration.outcomes.map(({ seed }) => seed).join(' '),
      configuration.outcomes.length,
      ...recipeOf(configuration, result),
      ...names.flatMap((name) => {
        const interval = knownInterval(configuration.outcomes.map((outcome) => numbersOf(outcome)[name]));
        return [rounded(interval?.mean), rounded(interval?.std), rounded(interval?.half)];
      }),
      ...originOf(result, options),
    ]),
  );
  return `${toCsv(header, rows)}\r\n`;
}

const IDENTITY = ['model', 'label', 'method', 'strategy', 'alpha'];
const ORIGIN = [
  'data',
  'network',
  'forget_rule',
  'forget_images',
  'study',
  'link',
  'device',
  'version',
  'finished',
];

const rounded = (value: number | undefined) => (value === undefined ? undefined : sixDigits(value));

function configurationsOf(result: Reported, { groups: keys }: ReportOptions): Configuration[] {
  const settings = settingsOfRuns(result.study, result.runs, result.tuned);
  const all = groupRuns<RunOutcome>(result.runs);
  const groups = keys?.flatMap((key) => all.find((group) => group.key === key) ?? []) ?? all;
  return [
    { model: 'original' as const, label: 'original', outcomes: comparedOriginals(result) },
    { model: 'oracle' as const, label: 'oracle', outcomes: result.oracles },
    ...groups.map(({ label, method, strategy, alpha, runs }) => ({
      model: 'run' as const,
      label,
      method,
      strategy,
      alpha: hasBudget({ strategy, method }) ? alpha : undefined,
      settings: settings.get(runs[0]!.id),
      outcomes: runs,
    })),
  ].filter(({ outcomes }) => outcomes.length > 0);
}

function identityOf({ model, label, method, strategy, alpha }: Configuration): Cell[] {
  return [model, label, method, strategy, alpha];
}

/** Epochs and learning rate, where a model was trained. */
function recipeOf({ model, settings }: Configuration, { study }: Reported): Cell[] {
  if (model === 'original')
    return study.weights ? [undefined, undefined] : [study.pretrain.epochs, study.pretrain.lr];
  if (model === 'oracle')
    return study.oracle.weights ? [undefined, undefined] : [study.oracle.epochs, study.oracle.lr];
  return ['epochs', 'lr'].map((name) => {
    const value = settings?.unlearn[name];
    return typeof value === 'number' ? value : undefined;
  });
}

function originOf(result: Reported, options: ReportOptions): Cell[] {
  const { study, device, version, finished, detail } = result;
  return [
    study.data.source,
    'id' in study.model ? study.model.id : 'custom',
    study.forget.rule,
    detail?.forget.length,
    study.name,
    studyLink(study, options),
    device?.label,
    version,
    finished,
  ];
}

/** Accuracies and attacks in percent under their own ids, differences to the oracle in points, the cost. */
function numbersOf({ metrics, deltas = {}, cost }: Measured): Record<string, number | undefined> {
  const { gap, toW } = distances(deltas);
  return {
    ...metrics,
    ...Object.fromEntries(Object.entries(deltas).map(([id, value]) => [`delta_${id}`, value])),
    gap,
    toW,
    steps: cost.steps,
    images: cost.examples,
    seconds: cost.seconds,
    weights_changed: 100 * cost.changed,
  };
}

/** Of all numbers that any model has, in the order in which they first come. */
function numberNames(results: readonly Reported[]): string[] {
  const models = results.flatMap(({ originals, oracles, runs }) => [...runs, ...originals, ...oracles]);
  return [...new Set(models.flatMap((model) => Object.keys(numbersOf(model))))];
}
