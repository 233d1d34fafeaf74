import { liraAttack, shadowMembers } from '../evaluate/lira';
import type { Planning } from '../plan/stage-planning';
import { EVALUATED_IMAGE } from '../plan/work';
import type { AttackCurve, Metrics } from '../study/result';
import type { Run } from '../study/study';
import { decodeArtifact, encodeArtifact } from './common/artifact';
import { readWeights } from './common/model';
import { collectEvaluation } from './evaluate';
import { shadow } from './shadow';
import type { StageKind } from './stage-kind';
import { planUnlearning } from './unlearn';
import { forgetPhi, type LocalizeRecipe, unlearnShadow } from './unlearn-shadow';

interface LiraInputs {
  seed: number;
  modelKey: string;
  oracleKey: string;
  evaluateKey: string;
  phiKeys: string[];
}

/** 2: the curve too. */
const VERSION = 2;

interface LiraNote {
  metrics: Metrics;
  curve: AttackCurve;
  forget: string;
  version: number;
}

/** Tries the attack that the shadow models taught on a run's own model and its oracle. */
export const lira: StageKind<LiraInputs> = {
  id: 'lira',
  label: 'Attack (U-LiRA)',
  explanation:
    'Tells, from what the shadow models showed, unlearned images apart from ones that were never seen.',
  reference: 'Hayes et al. 2024 (U-LiRA); METHOD section 5',
  cites: ['hayes2024'],
  settings: [],
  step: 'compare',
  plan: {
    afterAll(planning, { run, unlearn, evaluate }, { oracle }) {
      if (!planning.study.lira) return {};
      if (run.weights || run.mask) {
        planning.note(
          'U-LiRA unlearns shadow models in the same way, which a model or a mask from a file does not say.',
        );
        return {};
      }
      if (planning.study.weights) {
        planning.note('U-LiRA trains shadow models like the original, so it cannot attack given weights.');
        return {};
      }
      const phiKeys = planShadows(planning, run, planning.study.lira.shadows);
      const keys = { modelKey: unlearn, oracleKey: oracle, evaluateKey: evaluate, phiKeys };
      const needs = [unlearn, oracle, evaluate, ...phiKeys];
      const inputs = { ...keys, seed: run.seed, runs: [run.id], needs };
      return { lira: planning.add(lira, { unlearn, oracle, phiKeys }, inputs) };
    },
  },
  work: (_, { forget }) => 2 * forget * EVALUATED_IMAGE,
  storedBytes: () => 0,
  note: 'inside',
  version: VERSION,
  isExpendable: () => true,

  async perform(context, { key, phiKeys, modelKey, oracleKey }) {
    const { forget, plan, store, forgetHash } = context;
    const shadows = [];
    for (const [model, phiKey] of phiKeys.entries()) {
      const { phi } = decodeArtifact(await context.artifact(phiKey)).tensors;
      const members = shadowMembers(forget.length, plan.study.seed, model);
      shadows.push({ phi: phi!.data as Float32Array, members });
    }
    const phiUnder = async (weightsKey: string, before: number) => {
      await context.model.load(await readWeights(context, weightsKey));
      return forgetPhi(context, { before, total: 2 * forget.length });
    };
    const unlearned = await phiUnder(modelKey, 0);
    const oracle = await phiUnder(oracleKey, forget.length);
    const found = liraAttack({ shadows, unlearned, oracle });
    const note: LiraNote = { ...found, forget: forgetHash, version: VERSION };
    await store.put(key, encodeArtifact({}, note));
  },

  async collect(outcomes, context, { key, seed, modelKey, evaluateKey }) {
    const { metrics, curve } = decodeArtifact(await context.artifact(key)).note as LiraNote;
    const known = outcomes.evaluations.get(evaluateKey)!;
    const evaluation = { ...known, metrics: { ...known.metrics, ...metrics }, liraCurve: curve };
    collectEvaluation(outcomes, context, evaluateKey, { seed, of: 'run', modelKey }, evaluation);
  },
};

/** Adds the shadow models, unlearned as the run; they are repeats of their own, shared by all runs and their seeds. */
function planShadows(planning: Planning, run: Run, shadows: number): string[] {
  const { study, registries, spec, forgetKey: forget } = planning;
  const { data, seed, pretrain, microBatch } = study;
  const { method, settings, recipe } = planUnlearning(planning, run);
  const localizer = planning.settle(registries.localizers, run.strategy, run.localize);
  const { selectsEverything, usesAlpha } = localizer.entry;
  const localize: LocalizeRecipe | undefined =
    registries.unlearners.get(method).takesMask && !selectsEverything
      ? { strategy: run.strategy, settings: localizer.settings, alpha: usesAlpha ? run.alpha : 1 }
      : undefined;
  const runs = [run.id];
  return Array.from({ length: shadows }, (_, model) => {
    const content = { data, config: spec.config, seed, pretrain, microBatch, forget, model };
    const shadowKey = planning.add(shadow, content, { seed, model, recipe: pretrain, runs, needs: [] });
    const how = { shadowKey, method, settings, recipe, localize };
    const inputs = { ...how, seed, model, runs, needs: [shadowKey] };
    return planning.add(unlearnShadow, { ...how, microBatch }, inputs);
  });
}
