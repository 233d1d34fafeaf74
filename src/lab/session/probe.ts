import type { Accuracies, UnitInspection, UnitProbe, UnitWeights } from '../lab-api';
import { localizers } from '../localize';
import {
  exampleScorer,
  exampleScoreText,
  type Scoring,
  scoresExamples,
  tensorsOf,
} from '../localize/example-score';
import { findUnit, maskOfUnits, parseUnitName, type UnitLayout, unitLayout } from '../localize/units';
import { keyOf } from '../plan/hash';
import type { Plan } from '../plan/plan';
import { isStageOf } from '../plan/stage-planning';
import { randomStream, sampleOf } from '../rng';
import { defaultSettings, LetheError } from '../settings';
import { decodeArtifact, encodeArtifact } from '../stages/common/artifact';
import { freshWeights } from '../stages/common/fresh-weights';
import { readWeights } from '../stages/common/model';
import { monitor } from '../stages/common/outputs';
import type { StudyContext } from '../stages/context';
import { score } from '../stages/score';
import type { Mask } from '../tensors';
import type { Control } from '../train/engine';
import { resetSelected } from '../unlearn/reset-finetune';
import { zeroSelected } from '../unlearn/unit-drop';

/** One gradient each: at demo scale a second or two. */
const MOST_EXAMPLES = 200;
const MOST_FILTERS = 12;

/**
 * The forget examples that weigh most on the units (named `tensor:row`) of a seed's original, by the score of a strategy, and the units'
 * weights.
 * @throws LetheError when no unit is given, one does not exist or the strategy is unknown; an AbortError after cancel.
 */
export async function inspectUnits(
  context: StudyContext,
  seed: number,
  units: string[],
  strategy: string,
  control: Control,
): Promise<UnitInspection> {
  const { spec } = context.plan;
  const layout = unitLayout(spec);
  atLeastOne(units);
  const asked = scoringOf(context.plan, seed, strategy);
  const scoring = scoresExamples(asked) ? asked : scoringOf(context.plan, seed, 'del');
  const original = await readWeights(context, pretrainKey(context, seed));
  const examples = sampleOfForget(context);
  const scoreOf = exampleScorer(spec, original, units, scoring);
  const by = { strategy: scoring.localizer.id, settings: scoring.settings };
  const scores = await rememberedAnswer(
    context,
    { ask: 'inspect', seed, units: [...units].sort(), ...by },
    async () => {
      const found = new Float32Array(examples.length);
      await context.model.load(original);
      await context.model.exampleGradients(
        examples,
        tensorsOf(units),
        (at, gradient) => {
          found[at] = scoreOf(gradient);
        },
        control,
      );
      return found;
    },
  );
  const filters = units.slice(0, MOST_FILTERS).map((unit): UnitWeights => {
    const { tensor, row } = parseUnitName(unit);
    const { rows, rowLength } = layout.tensors.find(({ name }) => name === tensor)!;
    const { shape, data } = original[tensor]!;
    return {
      unit,
      shape: rows === data.length && rowLength === 1 ? [] : shape.slice(1),
      values: data.slice(row * rowLength, (row + 1) * rowLength),
    };
  });
  return {
    examples,
    scores,
    scoring: { strategy: by.strategy, text: exampleScoreText(spec, scoring) },
    filters,
  };
}

/** A strategy as the study's own scores use it; with its defaults where the study has none. */
function scoringOf(plan: Plan, seed: number, strategy: string): Scoring {
  const localizer = localizers.get(strategy);
  const scores = plan.stages.filter((stage) => isStageOf(score, stage));
  const own = scores.find((stage) => stage.seed === seed && stage.strategy === strategy);
  return { localizer, settings: { ...defaultSettings(localizer.settings), ...own?.settings } };
}

/**
 * Accuracies of a seed's original, and of the same with the units reset to the seed's fresh weights or zeroed, on the samples of
 * the curves. Nothing is trained, and BatchNorm's running statistics stay as they are.
 * @throws LetheError when no unit is given or one does not exist; an AbortError after cancel.
 */
export async function probeUnits(
  context: StudyContext,
  seed: number,
  units: string[],
  how: 'reset' | 'zero',
  control: Control,
): Promise<UnitProbe> {
  const { plan, model, dataset, samples } = context;
  const mask = maskOfNamed(unitLayout(plan.spec), units);
  const original = await readWeights(context, pretrainKey(context, seed));
  const measured = await rememberedAnswer(context, { ask: how, seed, units: [...units].sort() }, async () => {
    const changed =
      how === 'zero'
        ? zeroSelected(plan.spec, original, mask)
        : resetSelected(plan.spec, original, freshWeights(plan.spec, seed, 'reset'), mask);
    const accuracies: Accuracies[] = [];
    for (const weights of [original, changed]) {
      await model.load(weights);
      accuracies.push(await monitor(model, dataset, samples, () => control));
    }
    return Float32Array.from(accuracies.flatMap(({ forget, retain, test }) => [forget, retain, test]));
  });
  const at = (from: number): Accuracies => ({
    forget: measured[from]!,
    retain: measured[from + 1]!,
    test: measured[from + 2]!,
  });
  const { forget, retain, test } = samples;
  return {
    sizes: { forget: forget.length, retain: retain.length, test: test.length },
    original: at(0),
    changed: at(3),
  };
}

/** The numbers of an answer that was given before, or a new one's, which are kept. */
async function rememberedAnswer(
  context: StudyContext,
  question: { seed: number } & Record<string, unknown>,
  answer: () => Promise<Float32Array>,
): Promise<Float32Array> {
  const { forgetHash, plan } = context;
  const original = pretrainKey(context, question.seed);
  // By which the samples are drawn that are looked at.
  const studySeed = plan.study.seed;
  const key = keyOf('probe', { original, forgetHash, studySeed, ...question });
  const known = await context.store.get(key);
  if (known) return decodeArtifact(known).tensors.values!.data as Float32Array;
  const values = await answer();
  await context.store.put(key, encodeArtifact({ values: { shape: [values.length], data: values } }));
  return values;
}

function pretrainKey({ plan }: StudyContext, seed: number): string {
  const keys = plan.seeds.get(seed);
  if (!keys) throw new LetheError(`The study has no repeat with seed ${seed}.`);
  return keys.pretrain;
}

function atLeastOne(units: string[]): void {
  if (units.length === 0) throw new LetheError('Select at least one unit on the map.');
}

function maskOfNamed(layout: UnitLayout, units: string[]): Mask {
  atLeastOne(units);
  return maskOfUnits(
    layout,
    units.map((unit) => findUnit(layout, unit)),
  );
}

function sampleOfForget({ plan, forget }: StudyContext): Int32Array {
  return sampleOf(forget, MOST_EXAMPLES, randomStream(plan.study.seed, 'inspect'));
}
