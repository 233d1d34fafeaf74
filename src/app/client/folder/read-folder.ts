import type { LabEvent } from '../../../lab/lab-api';
import { hashOf } from '../../../lab/plan/hash';
import { openPart, openResult } from '../../../lab/results/open-result';
import { decodeEvent, decodeHeartbeat, type Heartbeat } from '../../../lab/results/progress-log';
import { registries } from '../../../lab/session/all-registries';
import { LetheError } from '../../../lab/settings';
import { eventsOfArtifacts } from '../../../lab/stages/events-of-artifacts';
import { unsealArtifact } from '../../../lab/store/envelope';
import { DEEPEST, parseBoundedJson } from '../../../lab/study/bounded-json';
import type { StudyPart, StudyResult } from '../../../lab/study/result';
import { detailDamage } from '../../../lab/study/result-damage';
import { parseStudy } from '../../../lab/study/schema';
import type { Study } from '../../../lab/study/study';
import { knownPlan } from '../../state/known-plan';
import type { FolderFile, ResultFolder } from './result-folder';

/** What a folder says of its study. */
export interface Findings {
  study: Study;
  /** Of a finished study; then nothing else is needed. */
  result?: StudyResult;
  /** Those that are done, with their ids. */
  parts: { name: string; part: StudyPart }[];
  /** Event logs of processes, running or ended. */
  logs: { name: string; events: LabEvent[] }[];
  /** Events rebuilt from artifacts, only where there are neither parts nor logs. */
  artifactEvents: LabEvent[];
  /** What could not be read, one sentence each. */
  problems: string[];
}

/** A folder at one moment. */
export interface Reading {
  /** The same object as long as nothing but heartbeats changed. */
  findings: Findings;
  /** Signs of life by log, with the moment of the last one on the clock of the machine that wrote it. */
  beats: { name: string; beat?: Heartbeat; changed: number }[];
  /** The latest change of any file, on that clock. */
  changed: number;
}

interface LogState {
  head: string;
  /** Bytes of whole lines that were read. */
  read: number;
  events: LabEvent[];
}

/**
 * Reads a folder again and again; what did not change is not read twice, and of a log that grew only the new lines.
 * The reader rejects with a LetheError, one sentence, where there is no study.
 */
export function folderReader(folder: ResultFolder): () => Promise<Reading> {
  const known = new Map<string, { stamp: string; content: unknown }>();
  const logs = new Map<string, LogState>();
  let last: { stamps: string; findings: Findings } | undefined;

  /** A file's content by `parse`, once for every state of it. */
  async function once<T>(file: FolderFile, parse: (text: string) => T): Promise<T> {
    const stamp = stampOf(file);
    const before = known.get(file.path);
    if (before?.stamp === stamp) return before.content as T;
    const content = parse(await file.text());
    known.set(file.path, { stamp, content });
    return content;
  }

  async function readLog(file: FolderFile): Promise<LabEvent[]> {
    let state = logs.get(file.path) ?? { head: '', read: 0, events: [] };
    // A run that is taken up again begins its log anew.
    const goesOn = file.size >= state.read && (await file.text(0, bytesOf(state.head))) === state.head;
    if (!goesOn) state = { head: '', read: 0, events: [] };
    if (file.size > state.read) {
      const text = await file.text(state.read);
      // Text after the last line end is still being written, or was cut off by a kill: not read yet.
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      const events = whole.split('\n').flatMap((line) => decodeEvent(line) ?? []);
      state = {
        head: state.head || whole.slice(0, whole.indexOf('\n') + 1),
        read: state.read + bytesOf(whole),
        events: events.length > 0 ? [...state.events, ...events] : state.events,
      };
    }
    logs.set(file.path, state);
    return state.events;
  }

  async function find(files: FolderFile[]): Promise<Findings> {
    const problems: string[] = [];
    const at = (path: string) => files.find((file) => file.path === path);
    const studyFile = at('study.json');
    if (!studyFile)
      throw new LetheError(`${folder.name} holds no study.json: it is no folder that lethe run wrote.`);
    const study = await once(studyFile, (text) => parseStudy(jsonOf(text)));
    if (!study.ok) throw new LetheError(`${folder.name}, study.json: ${study.problem}`);
    problems.push(...study.problems.map((problem) => `study.json: ${problem}`));
    const findings: Findings = { study: study.study, parts: [], logs: [], artifactEvents: [], problems };
    const resultFile = at('result.json');
    const result = resultFile && (await once(resultFile, (text) => openResult(jsonOf(text))));
    if (result && !result.ok) problems.push(`result.json: ${result.problem}`);
    if (result?.ok) {
      problems.push(...result.problems.map((problem) => `result.json: ${problem}`));
      return { ...findings, study: result.result.study, result: result.result };
    }
    const hash = hashOf(study.study);
    for (const file of inFolder(files, 'parts', '.json')) {
      const parsed = await once(file, (text) => openPart(jsonOf(text)));
      const problem = !parsed.ok
        ? parsed.problem
        : hashOf(parsed.part.study) !== hash && 'It belongs to another study.';
      if (problem) problems.push(`${file.path}: ${problem}`);
      else if (parsed.ok) findings.parts.push({ name: nameOf(file), part: parsed.part });
    }
    for (const file of inFolder(files, 'progress', '.jsonl')) {
      const events = await readLog(file);
      const damage = events.map((event) => forgetSetDamage(study.study, event)).find(Boolean);
      if (damage) problems.push(`${file.path}: This log is damaged: ${damage}.`);
      else findings.logs.push({ name: nameOf(file), events });
    }
    const silent = findings.parts.length === 0 && findings.logs.length === 0;
    return silent
      ? { ...findings, artifactEvents: await eventsFromArtifacts(folder, study.study) }
      : findings;
  }

  return async () => {
    const files = await folder.list();
    const pulses = inFolder(files, 'progress', '.json');
    const stamps = files
      .filter((file) => !pulses.includes(file))
      .map(stampOf)
      .join();
    if (last?.stamps !== stamps) last = { stamps, findings: await find(files) };
    const beats: Reading['beats'] = [];
    for (const file of pulses)
      beats.push({
        name: nameOf(file),
        // The file is replaced every few seconds and may be half-written at this moment.
        beat: await once(file, decodeHeartbeat).catch(() => undefined),
        changed: file.changed,
      });
    return { findings: last.findings, beats, changed: Math.max(...files.map(({ changed }) => changed)) };
  };
}

async function eventsFromArtifacts({ artifact }: ResultFolder, study: Study): Promise<LabEvent[]> {
  if (!artifact) return [];
  const plan = knownPlan(study);
  // Without a plan the keys of the artifacts are unknown.
  if (!plan) return [];
  return eventsOfArtifacts(plan, registries, async (key) => {
    const sealed = await artifact(key);
    return sealed && unsealArtifact(new Uint8Array(await sealed.arrayBuffer()));
  });
}

function forgetSetDamage(study: Study, event: LabEvent): string | undefined {
  if (event.type !== 'forget-set') return undefined;
  return detailDamage(study, { forget: event.indices, planted: event.planted });
}

const stampOf = ({ path, size, changed }: FolderFile): string => `${path} ${size} ${changed}`;
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
const nameOf = ({ path }: FolderFile): string => path.replace(/^.*\//, '').replace(/\.jsonl?$/, '');

function inFolder(files: FolderFile[], folder: string, ending: string): FolderFile[] {
  return files
    .filter(({ path }) => path.startsWith(`${folder}/`) && path.endsWith(ending))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** undefined for what is no JSON, which every schema refuses. */
function jsonOf(text: string): unknown {
  try {
    return parseBoundedJson(text, { depth: DEEPEST });
  } catch {
    return undefined;
  }
}
