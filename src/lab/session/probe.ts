import { localizers } from '../localize';
import {
  exampleScorer,
  exampleScoreText,
  type Scoring,
  scoresExamples,
  tensorsOf,
} from '../localize/example-score';
import { findUnit, maskOfUnits, parseUnitName, type UnitLayout, unitLayout } from '../localize/units';
import { randomStream } from '../rng';
import { defaultSettings, LetheError } from '../settings';
import type { Mask } from '../tensors';
import type { Control } from '../train/engine';
import { resetSelected } from '../unlearn/reset-finetune';
import { zeroSelected } from '../unlearn/unit-drop';
import { decodeArtifact, encodeArtifact } from './artifact';
import { monitor } from './evaluate';
import { hashOf } from './hash';
import { CODE_VERSION, type Plan } from './plan';
import type { StudyRoom } from './room';
import { freshWeights } from './seeds';
import { readWeights } from './stages';

/** Accuracies in percent on samples of the three sets. */
export interface Accuracies {
  forget: number;
  retain: number;
  test: number;
}

/** What some units of the original do, measured without any training. */
export interface UnitProbe {
  /** Images behind each accuracy. */
  sizes: Accuracies;
  original: Accuracies;
  /** The original with the units reset or zeroed. */
  changed: Accuracies;
}

/** What some units of the original hold. */
export interface UnitInspection {
  /** Forget examples that were looked at: all, or as many as are affordable, drawn at random. Ascending. */
  examples: Int32Array;
  /** How much each weighs on the units: `exampleScorer` with the gradient of its own loss in eval mode; one per example. */
  scores: Float32Array;
  /** The strategy whose score it is: the one asked for, or DEL where that one looks at no examples; and the score in words. */
  scoring: { strategy: string; text: string };
  /** The weights of the first units, in the order asked for. */
  filters: UnitWeights[];
}

export interface UnitWeights {
  /** `conv1.weight:3`. */
  unit: string;
  /** `[in, kh, kw]` for a filter, `[in]` for a row of a linear layer, `[]` for a single scalar. */
  shape: number[];
  values: Float32Array;
}

/** One gradient each: at demo scale a second or two. */
const MOST_EXAMPLES = 200;
const MOST_FILTERS = 12;

/**
 * The forget examples that weigh most on the units (named `tensor:row`) of a seed's original, by the score of a strategy, and the units'
 * weights.
 * @throws LetheError when no unit is given, one does not exist or the strategy is unknown; an AbortError after cancel.
 */
export async function inspectUnits(
  room: StudyRoom,
  seed: number,
  units: string[],
  strategy: string,
  control: Control,
): Promise<UnitInspection> {
  const { spec } = room.plan;
  const layout = unitLayout(spec);
  atLeastOne(units);
  const asked = scoringOf(room.plan, seed, strategy);
  const scoring = scoresExamples(asked) ? asked : scoringOf(room.plan, seed, 'del');
  const original = await readWeights(room, pretrainKey(room, seed));
  const examples = sampleOfForget(room);
  const scoreOf = exampleScorer(spec, original, units, scoring);
  const by = { strategy: scoring.localizer.id, settings: scoring.settings };
  const scores = await kept(room, { ask: 'inspect', seed, units: [...units].sort(), ...by }, async () => {
    const found = new Float32Array(examples.length);
    await room.model.load(original);
    await room.model.exampleGradients(
      examples,
      tensorsOf(units),
      (at, gradient) => {
        found[at] = scoreOf(gradient);
      },
      control,
    );
    return found;
  });
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
  const own = plan.stages.find(
    (stage) => stage.stage === 'score' && stage.seed === seed && stage.strategy === strategy,
  );
  const given = own?.stage === 'score' ? own.settings : {};
  return { localizer, settings: { ...defaultSettings(localizer.settings), ...given } };
}

/**
 * Accuracies of a seed's original, and of the same with the units reset to the seed's fresh weights or zeroed, on the samples of
 * the curves. Nothing is trained, and BatchNorm's running statistics stay as they are.
 * @throws LetheError when no unit is given or one does not exist; an AbortError after cancel.
 */
export async function probeUnits(
  room: StudyRoom,
  seed: number,
  units: string[],
  how: 'reset' | 'zero',
  control: Control,
): Promise<UnitProbe> {
  const { plan, model, dataset, samples } = room;
  const mask = maskOf(unitLayout(plan.spec), units);
  const original = await readWeights(room, pretrainKey(room, seed));
  const measured = await kept(room, { ask: how, seed, units: [...units].sort() }, async () => {
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
async function kept(
  room: StudyRoom,
  question: { seed: number } & Record<string, unknown>,
  answer: () => Promise<Float32Array>,
): Promise<Float32Array> {
  const { forgetHash } = room;
  const original = pretrainKey(room, question.seed);
  const key = hashOf({ code: CODE_VERSION, stage: 'probe', original, forgetHash, ...question });
  const known = await room.store.get(key);
  if (known) return decodeArtifact(known).tensors.values!.data as Float32Array;
  const values = await answer();
  await room.store.put(key, encodeArtifact({ values: { shape: [values.length], data: values } }));
  return values;
}

function pretrainKey({ plan }: StudyRoom, seed: number): string {
  const keys = plan.seeds.get(seed);
  if (!keys) throw new LetheError(`The study has no repeat with seed ${seed}.`);
  return keys.pretrain;
}

function atLeastOne(units: string[]): void {
  if (units.length === 0) throw new LetheError('Select at least one unit on the map.');
}

function maskOf(layout: UnitLayout, units: string[]): Mask {
  atLeastOne(units);
  return maskOfUnits(
    layout,
    units.map((unit) => findUnit(layout, unit)),
  );
}

function sampleOfForget({ plan, forget }: StudyRoom): Int32Array {
  if (forget.length <= MOST_EXAMPLES) return forget;
  const shuffled = randomStream(plan.study.seed, 'inspect').shuffle(forget.slice());
  return shuffled.subarray(0, MOST_EXAMPLES).sort();
}
