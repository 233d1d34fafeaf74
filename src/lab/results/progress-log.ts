import * as v from 'valibot';
import type { LabEvent } from '../lab-api';
import { stages } from '../stages';
import { decodeFloats, encodeFloats } from '../study/floats';
import { encodeMemorization } from '../study/memorization-record';
import * as parts from '../study/parse-result';

/**
 * What a headless run leaves in its folder while it works, under `progress/`: a log of what it found, `NAME.jsonl`, an event a line;
 * and a heartbeat, `NAME.json`, written anew every few seconds. NAME is `study`, or the part that a process was asked for.
 */
export const WHOLE_STUDY = 'study';

/** How often a run gives a sign of life, in seconds. */
export const HEARTBEAT_SECONDS = 5;

/** The files of a result folder that tell what a study found; everything else is weights and artifacts. */
export function tellsResults(path: string): boolean {
  return /^(study|result)\.json$|^parts\/[\w.-]+\.json$|^progress\/[\w.-]+\.jsonl?$/.test(path);
}

/** The first line of a log: a run that is taken up again begins a new one. */
export interface LogHead {
  lethe: 1;
  /** ISO date; tells this log from an earlier one of the same name. */
  started: string;
}

/** A sign of life: where the run stands, which a log need not keep. */
export interface Heartbeat {
  lethe: 1;
  device?: v.InferOutput<typeof parts.deviceSchema>;
  stage?: { key: string; progress: v.InferOutput<typeof progress> };
  study?: { done: number; total: number; etaSeconds?: number };
}

const { numberSchema: number, textSchema: text } = parts;
const ref = v.object({
  study: text,
  stage: v.picklist(stages.entries.map(({ id }) => id)),
  key: text,
  seed: v.optional(number),
  model: v.optional(number),
  about: v.optional(text),
  runs: v.array(text),
});
const progress = v.object({
  done: number,
  total: number,
  counted: v.picklist(['steps', 'images', 'bytes']),
  waiting: v.optional(v.literal(true)),
  checking: v.optional(v.literal(true)),
  imagesPerSecond: v.optional(number),
  etaSeconds: v.optional(number),
});
const floats = v.pipe(parts.base64Schema, v.transform(decodeFloats));

const EVENT: v.GenericSchema<unknown, LabEvent> = v.variant('type', [
  v.object({ type: v.literal('study-started'), study: text, stages: v.array(ref), cached: v.array(text) }),
  v.object({ type: v.literal('stages-settled'), study: text, stages: v.array(ref), cached: v.array(text) }),
  v.object({ type: v.literal('selected'), ref, tuned: parts.tunedSchema }),
  v.object({
    type: v.literal('study-state'),
    study: text,
    state: v.picklist(['running', 'paused', 'cancelled']),
  }),
  v.object({ type: v.literal('study-failed'), study: text, message: text }),
  v.object({ type: v.literal('stage-started'), ref }),
  v.object({ type: v.literal('stage-done'), ref, cached: v.boolean(), seconds: number }),
  v.object({ type: v.literal('stage-spared'), ref }),
  v.object({ type: v.literal('runs-failed'), ref, message: text }),
  v.object({ type: v.literal('series'), ref, sizes: parts.sizesSchema, point: parts.pointSchema }),
  v.object({
    type: v.literal('forget-set'),
    ref,
    indices: parts.integersSchema,
    planted: v.optional(parts.integersSchema),
  }),
  v.object({
    type: v.literal('memorization'),
    ref,
    memorization: v.object({ models: number, share: number, scores: floats, errors: floats }),
  }),
  v.object({ type: v.literal('losses'), ref, losses: floats }),
  v.object({ type: v.literal('scores'), ref, map: parts.mapSchema }),
  v.object({
    type: v.literal('metrics'),
    ref,
    of: v.picklist(['original', 'oracle', 'run']),
    metrics: parts.metricsSchema,
    classes: parts.classesSchema,
    undecided: parts.undecidedSchema,
    answers: parts.answersSchema,
    liraCurve: parts.liraCurveSchema,
    deltas: v.optional(parts.metricsSchema),
    cost: parts.costSchema,
  }),
  v.object({ type: v.literal('compared'), ref, records: v.array(parts.comparisonSchema) }),
]);

const HEARTBEAT: v.GenericSchema<unknown, Heartbeat> = v.object({
  lethe: v.literal(1),
  device: v.optional(parts.deviceSchema),
  stage: v.optional(v.object({ key: text, progress })),
  study: v.optional(v.object({ done: number, total: number, etaSeconds: v.optional(number) })),
});

/** An event as a line of a log, without its end; undefined where the heartbeat or the result says it. */
export function encodeEvent(event: LabEvent): string | undefined {
  switch (event.type) {
    case 'stage-progress':
    case 'study-progress':
    case 'step':
    case 'study-done':
    case 'device-lost':
      return undefined;
    case 'losses':
      return JSON.stringify({ ...event, losses: encodeFloats(event.losses) });
    case 'memorization':
      return JSON.stringify({ ...event, memorization: encodeMemorization(event.memorization) });
    default:
      return JSON.stringify(event);
  }
}

/** A line of a log; undefined for its head and for what is damaged or of a newer version. Never throws. */
export function decodeEvent(line: string): LabEvent | undefined {
  return parseWith(EVENT, line);
}

/** Never throws. */
export function decodeHeartbeat(content: string): Heartbeat | undefined {
  return parseWith(HEARTBEAT, content);
}

function parseWith<T>(schema: v.GenericSchema<unknown, T>, json: string): T | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(json));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
