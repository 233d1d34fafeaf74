import * as v from 'valibot';
import { parsePruned } from './prune';
import type { StudyPart, StudyResult } from './result';
import { STUDY } from './schema';

/** Pieces of results, which the log of a run is made of too. */
export const number = v.pipe(v.number(), v.finite());
export const integers = v.array(v.pipe(number, v.integer()));
export const metrics = v.record(v.string(), number);
export const text = v.string();
export const base64 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]*={0,2}$/, 'it is not base64'));

export const sizes = v.object({ forget: number, retain: number, test: number });
export const point = v.object({
  epoch: number,
  loss: v.optional(number),
  forget: number,
  retain: number,
  test: number,
});
const percentages = v.array(v.nullable(number));
export const classes = v.optional(v.object({ forget: percentages, retain: percentages, test: percentages }));
/** How many examples a metric says nothing of. */
export const undecided = v.optional(v.record(v.string(), v.pipe(number, v.integer(), v.minValue(0))));
export const cost = v.object({
  steps: number,
  examples: number,
  seconds: number,
  changed: number,
  slow: v.optional(v.string()),
});
const outcome = {
  seed: number,
  metrics,
  classes,
  undecided,
  series: v.object({ sizes, points: v.array(point) }),
  cost,
};
const runWithoutDeltas = v.object({
  ...outcome,
  id: text,
  label: text,
  strategy: text,
  method: text,
  alpha: number,
});
const run = v.object({ ...runWithoutDeltas.entries, deltas: metrics });
const failed = v.optional(v.array(v.object({ id: text, message: text })));
export const map = v.object({
  strategy: text,
  seed: number,
  granularity: v.picklist(['channel', 'parameter']),
  scores: base64,
  levels: v.optional(v.object({ weights: base64, units: base64, curve: base64 })),
  perExample: v.optional(v.object({ units: integers, unresolved: number })),
});

const memorization = v.object({ models: number, share: number, scores: base64, errors: base64 });
export const device = v.object({
  label: text,
  vendor: text,
  architecture: text,
  software: v.boolean(),
  backend: v.picklist(['webgpu', 'webgl']),
});
const head = {
  lethe: v.literal(1, 'its "lethe" must be 1, the only version so far'),
  study: STUDY,
  device,
  finished: text,
  originals: v.array(v.object(outcome)),
  oracles: v.array(v.object(outcome)),
};

const RESULT: v.GenericSchema<unknown, StudyResult> = v.object({
  ...head,
  original: v.object(outcome),
  oracle: v.object(outcome),
  runs: v.array(run),
  failed,
  detail: v.object({
    forget: integers,
    planted: v.optional(integers),
    memorization: v.optional(memorization),
    losses: base64,
    maps: v.array(map),
  }),
});

const PART: v.GenericSchema<unknown, StudyPart> = v.object({
  ...head,
  runs: v.array(runWithoutDeltas),
  failed,
  forget: v.optional(integers),
  planted: v.optional(integers),
  memorization: v.optional(memorization),
  losses: v.optional(base64),
  maps: v.array(map),
});

export type ParsedResult =
  | { ok: true; result: StudyResult; problems: string[] }
  | { ok: false; problem: string };

/**
 * Reads a `result.json` that somebody opened. A damaged run, point or map is dropped and named; a file that lacks what
 * every pane needs is refused with a sentence. Never throws.
 */
export function parseResult(input: unknown): ParsedResult {
  const pruned = parsePruned(RESULT, input, 'a result of Lethe');
  return pruned.ok ? { ok: true, result: pruned.value, problems: pruned.problems } : pruned;
}

/** Reads a part of a study; what is damaged cannot be joined, so nothing is dropped. Never throws. */
export function parsePart(input: unknown): { ok: true; part: StudyPart } | { ok: false; problem: string } {
  const pruned = parsePruned(PART, input, 'a part of a study of Lethe');
  if (!pruned.ok) return pruned;
  const [problem] = pruned.problems;
  return problem === undefined ? { ok: true, part: pruned.value } : { ok: false, problem };
}
