import * as v from 'valibot';
import { deltas } from '../evaluate/deltas';
import { knownInterval } from '../evaluate/student';
import { studyKey } from '../plan/study-key';
import { groupRuns } from '../results/run-groups';
import type { Metrics, StudyResult } from '../study/result';
import { parseStudy } from '../study/schema';
import type { Study } from '../study/study';

/** Where a study of the library came from. */
export type LibraryOrigin = 'computed' | 'opened' | 'recorded';

/** A place on a trade-off plane: Δ forget in points, test accuracy in percent. */
export type PlanePlace = readonly [number, number];

/** What a small picture of a study's plane is drawn from. */
export interface PlaneSketch {
  original?: PlanePlace;
  oracle?: PlanePlace;
  /** One place for each group of seeds. */
  runs: { strategy: string; at: PlanePlace }[];
}

/** What the library lists of a study, small whatever its result is. */
export interface LibraryEntry {
  /** `studyKey` of the study. */
  key: string;
  /** What the reader calls it; the study's own name at first. */
  name: string;
  /** The reader gave it that name: nothing else changes it. */
  named?: true;
  study: Study;
  origin: LibraryOrigin;
  /** ISO date: the end of a finished study, the last sign of work on another. */
  date: string;
  /** Label of the device. */
  device?: string;
  status: 'finished' | 'unfinished' | 'failed';
  /** How far an unfinished study came. */
  stages?: { done: number; total: number };
  /** Why it failed: one sentence. */
  message?: string;
  /** It stays however old it is. */
  pinned: boolean;
  sketch: PlaneSketch;
}

/** An entry with what its result takes in the browser's storage; 0 where there is none. */
export interface ListedEntry extends LibraryEntry {
  bytes: number;
}

const LONGEST_NAME = 80;
const LONGEST_TEXT = 2000;
/** More points than this are not told apart in a small picture. */
const MOST_POINTS = 400;

const place = v.pipe(v.tuple([v.number(), v.number()]), v.readonly());
const sketchSchema = v.object({
  original: v.optional(place),
  oracle: v.optional(place),
  runs: v.pipe(v.array(v.object({ strategy: v.string(), at: place })), v.maxLength(MOST_POINTS)),
});
const shortText = v.pipe(v.string(), v.maxLength(LONGEST_TEXT));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const ENTRY = v.object({
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(LONGEST_NAME)),
  named: v.optional(v.literal(true)),
  study: v.unknown(),
  origin: v.picklist(['computed', 'opened', 'recorded']),
  date: shortText,
  device: v.optional(shortText),
  status: v.picklist(['finished', 'unfinished', 'failed']),
  stages: v.optional(v.object({ done: count, total: count })),
  message: v.optional(shortText),
  pinned: v.boolean(),
  sketch: sketchSchema,
});

/** Reads an entry from data that may be damaged or foreign; its key is worked out anew. undefined where it cannot be used. Never throws. */
export function parseEntry(input: unknown): LibraryEntry | undefined {
  const parsed = v.safeParse(ENTRY, input);
  if (!parsed.success) return undefined;
  const study = parseStudy(parsed.output.study);
  return study.ok ? { ...parsed.output, study: study.study, key: studyKey(study.study) } : undefined;
}

/** A name as the library takes it; undefined where nothing is left of it. */
export function libraryName(text: string): string | undefined {
  return text.trim().slice(0, LONGEST_NAME).trimEnd() || undefined;
}

/** What the library lists of a finished study. */
export function entryOfResult(result: StudyResult, origin: LibraryOrigin): LibraryEntry {
  const { study, device, finished } = result;
  return {
    key: studyKey(study),
    name: libraryName(study.name) ?? 'A study without a name',
    study,
    origin,
    date: finished,
    device: device.label,
    status: 'finished',
    pinned: false,
    sketch: sketchOf(result),
  };
}

/** A model's numbers, as far as they are known. */
interface Measured {
  seed: number;
  metrics?: Metrics;
  deltas?: Metrics;
}

interface SketchedModels {
  originals: readonly Measured[];
  oracles: readonly Measured[];
  runs: readonly (Measured & {
    id: string;
    label: string;
    strategy: string;
    method: string;
    alpha: number;
  })[];
}

/** The means over seeds; models without numbers are left out. */
export function sketchOf({ originals, oracles, runs }: SketchedModels): PlaneSketch {
  const withDeltas = (model: Measured): Measured => {
    const oracle = oracles.find(({ seed }) => seed === model.seed)?.metrics;
    return { ...model, deltas: oracle && model.metrics && deltas(oracle, model.metrics) };
  };
  const original = meanPlace(originals.map(withDeltas));
  const oracle = meanPlace(oracles.map(withDeltas));
  return {
    ...(original && { original }),
    ...(oracle && { oracle }),
    runs: groupRuns(runs)
      .flatMap(({ strategy, runs: members }) => {
        const at = meanPlace(members);
        return at ? [{ strategy, at }] : [];
      })
      .slice(0, MOST_POINTS),
  };
}

function meanPlace(models: readonly Measured[]): PlanePlace | undefined {
  const x = knownInterval(models.map((model) => model.deltas?.forgetAccuracy))?.mean;
  const y = knownInterval(models.map((model) => model.metrics?.testAccuracy))?.mean;
  return x === undefined || y === undefined ? undefined : [rounded(x), rounded(y)];
}

/** Finer than a small picture shows. */
const rounded = (value: number) => Math.round(value * 100) / 100;
