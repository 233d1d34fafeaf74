import type { Entry, Setting, Settings } from '../settings';
import { rowScores, rowSettings, rowTop } from './aggregate';
import { elementScores } from './criterion';
import { type CutRule, cutSetting } from './cut/budget';
import { cutRanking } from './cut/byte-mask';
import { rankScores } from './cut/ranking';
import type { Criterion, Localizer, LocalizerNeeds, ScoreContext } from './localizer';
import type { Scores } from './scores';
import { unitLayout } from './units';

interface Criticality extends Omit<Entry, 'settings'> {
  criterion: Criterion;
  granularity: Scores['granularity'];
  /** Which examples the gradient is taken over. */
  over?: LocalizerNeeds['gradient'];
}

/**
 * A strategy that ranks units or scalars by a criterion. Criterion and granularity are settings whose defaults make the
 * strategy what its name says.
 */
export function criticality({ criterion, granularity, over, ...entry }: Criticality): Localizer {
  return {
    ...entry,
    granularity,
    needs: { gradient: over },
    usesAlpha: true,
    selectsLargest: true,
    settings: [
      ...(over ? [criterionSetting(criterion)] : []),
      granularitySetting(granularity),
      ...rowSettings,
      cutSetting,
    ],
    score: (context, settings) =>
      score(context, over ? (settings.criterion as Criterion) : criterion, settings),
    select: ({ spec, scores, alpha }, settings) =>
      cutRanking(rankScores(spec, scores), alpha, settings.cut as CutRule),
  };
}

function score({ spec, weights, gradient }: ScoreContext, criterion: Criterion, settings: Settings): Scores {
  const granularity = settings.granularity as Scores['granularity'];
  const values = unitLayout(spec).tensors.map((tensor): [string, Float32Array] => {
    const elements = elementScores(criterion, weights[tensor.name]!, gradient?.[tensor.name]);
    if (granularity === 'parameter' || tensor.rowLength === 1) return [tensor.name, elements];
    return [tensor.name, rowScores(elements, tensor, rowTop(spec, tensor, settings))];
  });
  return { granularity, values: Object.fromEntries(values) };
}

function criterionSetting(criterion: Criterion): Setting {
  return {
    kind: 'choice',
    name: 'criterion',
    label: 'Criterion',
    help: 'What makes a weight critical: its gradient, or the gradient times the weight.',
    default: criterion,
    options: [
      { value: 'weighted-grad', label: 'weighted gradient |θ·G|' },
      { value: 'grad', label: 'gradient |G|' },
      { value: 'weight', label: 'magnitude |θ|' },
    ],
  };
}

function granularitySetting(granularity: Scores['granularity']): Setting {
  return {
    kind: 'choice',
    name: 'granularity',
    label: 'Granularity',
    help: 'Whether whole output channels or single weights are selected.',
    default: granularity,
    options: [
      { value: 'channel', label: 'output channels' },
      { value: 'parameter', label: 'single weights' },
    ],
  };
}
