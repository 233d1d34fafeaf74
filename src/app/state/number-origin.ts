import type { Interval } from '../../lab/evaluate/student';
import { fixed, signed } from '../../lab/format';
import { winnersIn } from '../../lab/plan/tuning';
import { type ModelOfNumber, type Provenance, provenanceOf } from '../../lab/results/provenance';
import { deviceText, ruleText } from '../../lab/results/report/facts';
import { groupRuns } from '../../lab/results/run-groups';
import { groupNames } from '../../lab/results/run-names';
import { settingsOfRuns } from '../../lab/results/run-settings';
import { registries } from '../../lab/session/all-registries';
import type { Settings } from '../../lab/settings';
import { encodeLink } from '../../lab/study/link';
import type { Study } from '../../lab/study/study';
import { versionText } from '../../lab/version';
import { knownPlan } from './known-plan';
import type { NumberPlace } from './number-place';
import { type Numbers, type Quantity, quantity } from './quantities';
import { estimateText } from './quantity-text';
import { versionOf } from './report-of-view';
import { budgetOf, estimateOf, oraclesAsRuns, originalsAsRuns, type RunGroup } from './run-estimates';
import { presetLike } from './study-names';
import type { View } from './view';

export interface NumberOrigin {
  /** Whose number it is: `DEL, α 0.3`. */
  who: string;
  /** `−2.8 ± 5.3 points: mean and half the 95 % Student-t interval of 3 seeds, standard deviation 2.1`. */
  value: string;
  facts: [term: string, text: string][];
  link: string;
  /** Computes it again; absent where this page cannot plan the study. */
  command?: string;
  /** What the command needs beside Lethe, in a sentence. */
  needs?: string;
  /** Whether the command names a preset, and otherwise `study.json`. */
  ofPreset: boolean;
  seeds: { seed: number; value: string; stages: Provenance['stages'] }[];
}

/**
 * Where a number of what is shown comes from.
 * @param site address of this page, without what follows the `#`
 * @returns undefined where the place has no number any more
 */
export function numberOrigin(view: View, place: NumberPlace, site: string): NumberOrigin | undefined {
  const models = modelsAt(view, place.row);
  if (!models) return undefined;
  const asked = quantity(place.quantity);
  const estimate = estimateOf(
    models.map(({ numbers }) => numbers),
    place.quantity,
  );
  if (!estimate) return undefined;
  const compared = asked.signed === true || place.quantity === 'gap' || place.quantity === 'toW';
  const measured = place.quantity.startsWith('lira') ? 'lira' : 'evaluate';
  const { study } = view;
  const untold = knownPlan(study);
  const plan = untold && view.tuned ? knownPlan(study, winnersIn(untold, view.tuned)) : untold;
  const found = models.flatMap(({ numbers, model }) => {
    const value = asked.value(numbers);
    if (value === undefined) return [];
    const provenance = plan && provenanceOf(plan, registries, model, { compared, measured });
    return [{ seed: model.seed, value: (asked.signed ? signed : fixed)(value, asked.digits), provenance }];
  });
  const preset = presetLike(study)?.id;
  const parts = [...new Set(found.flatMap(({ provenance }) => provenance?.parts ?? []))];
  const isPlanned = plan !== undefined && found.every(({ provenance }) => provenance);
  return {
    who: nameOf(view, place.row),
    value: valueText(estimate, asked),
    facts: factsOf(view, place.row),
    link: `${site}${encodeLink(study)}`,
    ...(isPlanned && {
      command: ['npx lethe run', preset ?? 'study.json', ...parts.map((part) => `--only ${part}`)].join(' '),
      needs: needsOf(study, preset),
    }),
    ofPreset: preset !== undefined,
    seeds: found.map(({ seed, value, provenance }) => ({ seed, value, stages: provenance?.stages ?? [] })),
  };
}

function valueText(estimate: Interval, asked: Quantity): string {
  const value = [estimateText(estimate, asked), asked.suffix].filter(Boolean).join(' ');
  if (estimate.n === 1) return `${value}, of one seed`;
  return `${value}: mean and half the 95 % Student-t interval of ${estimate.n} seeds, standard deviation ${fixed(estimate.std, asked.digits)}`;
}

/** All of it as text, to be kept beside the number. */
export function originText(origin: NumberOrigin, label: string): string {
  const { who, value, facts, link, command, seeds } = origin;
  return [
    `${label} of ${who}: ${value}`,
    ...facts.map(([term, text]) => `${term}: ${text}`),
    `Link: ${link}`,
    ...(command ? [`Command: ${command}`] : []),
    ...seeds.flatMap(({ seed, value: own, stages }) => [
      `Seed ${seed}: ${own}`,
      ...stages.map(({ kind, key }) => `  ${kind} ${key}`),
    ]),
    '',
  ].join('\n');
}

function modelsAt(view: View, row: string): { numbers: Numbers; model: ModelOfNumber }[] | undefined {
  const { originals, oracles } = view;
  if (row === 'original')
    return originalsAsRuns(originals, oracles).map((numbers, i) => ({
      numbers,
      model: { of: 'original', seed: originals[i]!.seed },
    }));
  if (row === 'oracle')
    return oraclesAsRuns(oracles).map((numbers, i) => ({
      numbers,
      model: { of: 'oracle', seed: oracles[i]!.seed },
    }));
  return groupAt(view, row)?.runs.map((run) => ({
    numbers: run,
    model: { of: 'run', seed: run.seed, run: run.id },
  }));
}

const groupAt = (view: View, row: string): RunGroup | undefined =>
  groupRuns(view.runs).find(({ key }) => key === row);

function nameOf(view: View, row: string): string {
  if (row === 'original' || row === 'oracle') return `the ${row}`;
  const groups = groupRuns(view.runs);
  return groupNames(groups)[groups.findIndex(({ key }) => key === row)]!;
}

function factsOf(view: View, row: string): NumberOrigin['facts'] {
  const { study, device, finished, forget } = view;
  return [
    ['Study', study.name],
    ...settingsOf(view, row),
    [
      'Forget set',
      `${forget ? `${forget.length} images, ` : ''}${ruleText(study)}, drawn with seed ${study.seed}`,
    ],
    ['Device', device ? deviceText(device) : 'not known'],
    ['Version', versionText(versionOf(view))],
    ['Finished', finished ?? 'not yet: more seeds may come'],
  ];
}

function settingsOf(view: View, row: string): NumberOrigin['facts'] {
  const { study } = view;
  if (row === 'original' || row === 'oracle') {
    const { weights: given, ...recipe } =
      row === 'oracle' ? study.oracle : { weights: study.weights, ...study.pretrain };
    return [['Training', given ? `read from ${given.file}` : settingsText({ ...recipe })]];
  }
  const group = groupAt(view, row)!;
  const alpha = budgetOf(group);
  const settings = settingsOfRuns(study, group.runs, view.tuned).get(group.runs[0]!.id);
  return [
    [
      'Strategy',
      [group.strategy, ...(alpha === undefined ? [] : [`α ${alpha}`]), settingsText(settings?.localize)]
        .filter(Boolean)
        .join(', '),
    ],
    ['Method', [group.method, settingsText(settings?.unlearn)].filter(Boolean).join(', ')],
  ];
}

/** By the names that study files and `--set` give them. */
function settingsText(settings: Settings = {}): string {
  return Object.entries(settings)
    .map(
      ([name, value]) =>
        `${name} ${Array.isArray(value) && value.length > 8 ? `of ${value.length}` : String(value)}`,
    )
    .join(', ');
}

function needsOf({ data, weights, oracle, runs }: Study, preset: string | undefined): string | undefined {
  if (preset !== undefined) return undefined;
  const files = weights || oracle.weights || runs.some((run) => run.weights || run.mask);
  if (data.sha256 !== undefined)
    return 'It reads study.json, in which data.source must be the path of your images.';
  return files
    ? 'It reads study.json, beside which the files of your own must lie that it names.'
    : 'It reads study.json.';
}
