import { deltas as deltasBetween, gap as gapOf } from '../evaluate/deltas';
import type { Registries } from '../plan/registries';
import { DivergedError, type Settings } from '../settings';
import type { CandidateOutcome, Metrics, Tuned } from '../study/result';
import type { Select } from '../study/study';
import { decodeArtifact, encodeArtifact } from './common/artifact';
import { readDivergence } from './common/divergence';
import { evaluate, readMetrics } from './evaluate';
import type { StageKind } from './stage-kind';

interface SelectInputs extends Select {
  oracleKey: string;
  candidates: {
    id: string;
    localize: Settings;
    unlearn: Settings;
    unlearnKey: string;
    evaluateKey: string;
  }[];
}

/** What its artifact says: everything that is told of the selection but the runs that it is used for. */
type SelectNote = Omit<Tuned, 'runs'> & { forget: string; version: number };

/** Chooses the settings of tuned runs. Its artifact keeps the numbers of all candidates, also where none can be chosen. */
export const select: StageKind<SelectInputs> = {
  id: 'select',
  label: 'Choose the settings',
  explanation:
    'Compares the candidates of a tuned run on the selection seed; the one nearest to the oracle wins.',
  reference: 'METHOD section 5.2',
  settings: [],
  step: 'unlearn',
  plan: {
    selection(planning, { tuning, runs, candidates }, { evaluateOracle: oracleKey }) {
      const { by, seed } = tuning;
      const own = candidates.map(({ run, unlearn, evaluate: evaluateKey }) => {
        const { id, localize } = run;
        return { id, localize, unlearn: run.unlearn, unlearnKey: unlearn, evaluateKey };
      });
      const content = { by, oracle: oracleKey, candidates: own.map(({ evaluateKey }) => evaluateKey) };
      const needs = [oracleKey, ...content.candidates];
      return planning.add(select, content, { by, seed, oracleKey, candidates: own, runs, needs });
    },
  },
  work: () => 0,
  storedBytes: () => 0,
  note: 'inside',
  // Chosen by what an evaluation says.
  version: evaluate.version,
  isExpendable: () => true,

  async perform(context, stage) {
    const { registries, forgetHash, store } = context;
    const oracle = await readMetrics(context, stage.oracleKey);
    const candidates: CandidateOutcome[] = [];
    for (const { id, localize, unlearn, unlearnKey, evaluateKey } of stage.candidates) {
      // A network may also turn out to have diverged when it is measured on all images.
      const failure =
        (await readDivergence(context, unlearnKey)) ?? (await readDivergence(context, evaluateKey));
      const numbers =
        failure === undefined
          ? comparedWith(oracle, await readMetrics(context, evaluateKey), stage.by, registries)
          : { failure };
      candidates.push({ id, localize, unlearn, ...numbers });
    }
    const winner = winnerOf(candidates);
    const { by, seed } = stage;
    const note: SelectNote = {
      by,
      seed,
      candidates,
      ...(winner !== undefined && { winner }),
      forget: forgetHash,
      version: evaluate.version!,
    };
    await store.put(stage.key, encodeArtifact({}, note));
  },

  async collect(outcomes, context, { key, runs }) {
    const tuned = decodeSelection(await context.artifact(key), runs);
    outcomes.selections.set(key, tuned);
    context.emit({ type: 'selected', ref: context.ref, tuned });
    if (tuned.winner === undefined) throw new DivergedError(noneText(tuned));
  },

  async eventsFromArtifact({ ref, bytes }, { runs }) {
    return [{ type: 'selected', ref, tuned: decodeSelection(bytes, runs) }];
  },
};

/** @throws where the bytes are no such artifact */
export function decodeSelection(bytes: Uint8Array, runs: readonly string[]): Tuned {
  const { forget: _, version: __, ...told } = decodeArtifact(bytes).note as SelectNote;
  return { runs: [...runs], ...told };
}

function comparedWith(
  oracle: Metrics,
  metrics: Metrics,
  by: Select['by'],
  { metrics: registry }: Registries,
): Pick<CandidateOutcome, 'metrics' | 'deltas' | 'gap'> {
  const deltas = deltasBetween(oracle, metrics, registry);
  const gap = by === 'gap' ? gapOf(deltas) : gapWithoutMia(deltas);
  return { metrics, deltas, ...(Number.isFinite(gap) && { gap }) };
}

/** Mean absolute delta of forget and test accuracy, in points. */
function gapWithoutMia({ forgetAccuracy, testAccuracy }: Metrics): number {
  return (Math.abs(forgetAccuracy!) + Math.abs(testAccuracy!)) / 2;
}

/** The place of the smallest gap, the first of equal ones; undefined where none has any. */
function winnerOf(candidates: readonly Pick<CandidateOutcome, 'gap'>[]): number | undefined {
  const gaps = candidates.map(({ gap = Number.POSITIVE_INFINITY }) => gap);
  const least = Math.min(...gaps);
  return Number.isFinite(least) ? gaps.indexOf(least) : undefined;
}

function noneText({ candidates, seed }: Tuned): string {
  const diverged = candidates.filter(({ failure }) => failure !== undefined).length;
  return diverged === candidates.length
    ? `No settings could be chosen, since every candidate diverged on the selection seed ${seed}, ${diverged} of ${diverged}: list lower learning rates.`
    : `No settings could be chosen, since no candidate has a gap to the oracle on the selection seed ${seed}.`;
}
