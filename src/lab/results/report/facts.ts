import { datasetSources } from '../../data/sources';
import { forgetRules } from '../../forget';
import { normalisationText } from '../../nn/checkpoints/normalisation';
import { specOf } from '../../nn/models';
import type { DeviceDescription } from '../../study/result';
import type { GivenWeights, Recipe, Study } from '../../study/study';
import { versionText } from '../../version';
import { candidatesText, tunedText } from '../tuned-text';
import { undecidedModels } from '../undecided';
import { verdict } from '../verdict/verdict';
import { printedLink, type Reported, type ReportOptions } from './reported';

/** What a reader must know of a result beside its numbers, as pairs of term and description. */
export function factsOf(result: Reported, options: Pick<ReportOptions, 'site'> = {}): [string, string][] {
  const { study, device, finished, oracles, detail, version } = result;
  const forget = detail?.forget.length;
  const link = printedLink(study, options);
  const said = verdict({ ...result, forget: detail?.forget });
  return [
    ...(said ? [['What came out', said] satisfies [string, string]] : []),
    ['Data', dataText(study)],
    ['Network', networkText(study)],
    ['To be forgotten', `${forget === undefined ? '' : `${forget} `}training images: ${ruleText(study)}`],
    ['Training', study.weights ? fileText(study.weights) : recipeText(study.pretrain)],
    ['Oracle', study.oracle.weights ? fileText(study.oracle.weights) : recipeText(study.oracle)],
    ...filesOfRuns(study),
    ...(study.data.normalise
      ? [['Images', `normalised with ${normalisationText(study.data.normalise)}`] satisfies [string, string]]
      : []),
    ['Repeats', `${oracles.length} (seeds ${oracles.map(({ seed }) => seed).join(', ')})`],
    ...undecidedModels(result, forget ?? 0).map((text): [string, string] => ['Undecided', text]),
    ...tuningFacts(result),
    ...(result.failed ?? []).map(({ id, message }): [string, string] => ['Failed', `${id}: ${message}`]),
    ['Device', device ? deviceText(device) : 'not known'],
    ['Version', versionText(version)],
    ['Finished', finished ?? 'not yet: more numbers may come'],
    ...(link
      ? [
          ['Link', options.site ? link : `${link} behind the address of a page of Lethe`] satisfies [
            string,
            string,
          ],
        ]
      : []),
  ];
}

/** How the settings of tuned runs were chosen, and whether all runs had the same chances. */
function tuningFacts({ runs, tuned = [] }: Pick<Reported, 'runs' | 'tuned'>): [string, string][] {
  if (tuned.length === 0) return [];
  const alike = candidatesText(runs, tuned);
  return [
    ...tuned.map((own): [string, string] => ['Tuned', `${own.runs.join(', ')}: ${tunedText(own)}`]),
    ...(alike ? [['Candidates', alike] satisfies [string, string]] : []),
  ];
}

export function dataText({ data }: Study): string {
  return `${labelOf(datasetSources, data.source)}, ${data.train} training and ${data.test} test images`;
}

/** How the forget set is chosen. */
export function ruleText({ forget }: Study): string {
  return `${labelOf(forgetRules, forget.rule)}${settingsText(forget.settings)}`;
}

export function deviceText({ label, software }: Pick<DeviceDescription, 'label' | 'software'>): string {
  return software ? `${label}, a software adapter` : label;
}

/** How to read the numbers. */
export const NOTES = [
  'Δ is the oracle’s value minus the unlearned network’s, in percentage points: near 0 is good, and a positive Δ test is worse than the oracle. The gap is the mean of the three absolute values; ToW (tug of war) is the product of 1 − |Δ| of forget, retain and test accuracy as fractions, 1 being the oracle.',
  'MIA is the share of forget examples that a confidence attack takes for never trained on.',
  'Mean ± half the 95 % Student-t interval over the repeats; one repeat has no interval, and a cell with values of fewer repeats than n says how many. The smallest Δ and gap on average are in bold, which says nothing about significance.',
];

/** An entry's label, or the id where this version of Lethe does not know it. */
function labelOf(registry: { find(id: string): { label: string } | undefined }, id: string): string {
  return registry.find(id)?.label ?? id;
}

export function networkText(study: Study): string {
  const source = datasetSources.find(study.data.source);
  const name = 'id' in study.model ? study.model.id : 'custom';
  if (!source) return name;
  try {
    const { label, size } = specOf(study.model, source);
    return `${label}, ${size.toLocaleString('en-US')} parameters`;
  } catch {
    // A network of a newer version, or one that these images do not fit.
    return name;
  }
}

/** Models and masks of runs that come from files. */
function filesOfRuns({ runs }: Study): [string, string][] {
  return runs.flatMap(({ label, weights, mask }): [string, string][] => [
    ...(weights ? [[label ?? weights.file, fileText(weights)] satisfies [string, string]] : []),
    ...(mask ? [[`Mask${label ? ` of ${label}` : ''}`, fileText(mask)] satisfies [string, string]] : []),
  ]);
}

function fileText({ file, sha256 }: GivenWeights): string {
  return `read from ${file}${sha256 ? `, SHA-256 ${sha256.slice(0, 16)}…` : ''}`;
}

function recipeText({ epochs, lr, batch, momentum, weightDecay, floor }: Recipe): string {
  return `${epochs} epochs, learning rate ${lr} with a cosine to ${100 * floor} %, batches of ${batch}, momentum ${momentum}, weight decay ${weightDecay}`;
}

function settingsText(settings: Study['forget']['settings']): string {
  const texts = Object.entries(settings).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return texts.length > 0 ? ` (${texts.join(', ')})` : '';
}
