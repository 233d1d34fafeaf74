import { normalisationText } from '../../lab/nn/checkpoints/normalisation';
import { specOf } from '../../lab/nn/models';
import { undecidedModels } from '../../lab/results/undecided';
import { verdictOfResult } from '../../lab/results/verdict/verdict';
import { registries } from '../../lab/session/all-registries';
import type { StudyResult } from '../../lab/study/result';
import type { GivenWeights, Recipe, Study } from '../../lab/study/study';

/** What a reader must know of a result beside its numbers, as pairs of term and description. */
export function factsOf(result: StudyResult): [string, string][] {
  const { study, device, finished, oracles, detail } = result;
  const { train, test } = study.data;
  const said = verdictOfResult(result);
  return [
    ...(said ? [['What came out', said] satisfies [string, string]] : []),
    ['Data', `${labelOf(registries.sources, study.data.source)}, ${train} training and ${test} test images`],
    ['Network', networkOf(study)],
    [
      'To be forgotten',
      `${detail.forget.length} training images: ${labelOf(registries.forgetRules, study.forget.rule)}${settingsText(study.forget.settings)}`,
    ],
    ['Training', study.weights ? fileText(study.weights) : recipeText(study.pretrain)],
    ['Oracle', study.oracle.weights ? fileText(study.oracle.weights) : recipeText(study.oracle)],
    ...filesOfRuns(study),
    ...(study.data.normalise
      ? [['Images', `normalised with ${normalisationText(study.data.normalise)}`] satisfies [string, string]]
      : []),
    ['Repeats', `${oracles.length} (seeds ${oracles.map(({ seed }) => seed).join(', ')})`],
    ...undecidedModels(result, detail.forget.length).map((text): [string, string] => ['Undecided', text]),
    ...(result.failed ?? []).map(({ id, message }): [string, string] => ['Failed', `${id}: ${message}`]),
    ['Device', device.software ? `${device.label}, a software adapter` : device.label],
    ['Finished', finished],
  ];
}

/** How to read the numbers. */
export const NOTES = [
  'Δ is the oracle’s value minus the unlearned network’s, in percentage points: near 0 is good, and a positive Δ test is worse than the oracle. The gap is the mean of the three absolute values; ToW (tug of war) is the product of 1 − |Δ| of forget, retain and test accuracy as fractions, 1 being the oracle.',
  'MIA is the share of forget examples that a confidence attack takes for never trained on.',
  'Mean ± half the 95 % Student-t interval over the repeats; one repeat has no interval. The smallest Δ and gap on average are in bold, which says nothing about significance.',
];

/** An entry's label, or the id where this version of Lethe does not know it. */
function labelOf(registry: { find(id: string): { label: string } | undefined }, id: string): string {
  return registry.find(id)?.label ?? id;
}

function networkOf(study: Study): string {
  const source = registries.sources.find(study.data.source);
  if (!source) return 'id' in study.model ? study.model.id : 'custom';
  const { label, size } = specOf(study.model, source);
  return `${label}, ${size.toLocaleString('en-US')} parameters`;
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
