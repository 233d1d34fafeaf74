import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { registries } from '../lab/session/all-registries';
import { hashOfFile, keepWeights } from '../lab/session/given-weights';
import { type Plan, planStudy } from '../lab/session/plan';
import { createSession, type Session } from '../lab/session/session';
import { LetheError } from '../lab/settings';
import { fileStore, writeWhole } from '../lab/store/node';
import { getPreset, presets } from '../lab/study/presets';
import { parseStudy } from '../lab/study/schema';
import { applySetting } from '../lab/study/set';
import type { Study } from '../lab/study/study';
import type { Command } from './command';
import { openDataHost } from './data-host';
import { openDevice } from './device';
import { assetReader, readBytes, readJson } from './inputs';
import { progressPrinter } from './progress';

export const run: Command = {
  name: 'run',
  summary: 'Runs a whole study and writes study.json, result.json, weights, masks and scores.',
  positional: { usage: '<study.json | preset>', most: 1 },
  options: {
    out: { value: 'DIR', help: 'folder for the results; default: lethe-out/<preset or file name>' },
    set: {
      value: 'PATH=VALUE',
      help: 'changes the study, e.g. pretrain.epochs=5 or alpha=[0.1,0.3]',
      multiple: true,
    },
    resume: { help: 'goes on in DIR; finished stages are not repeated' },
  },
  notes: [
    'A short name (epochs, lr, alpha, beta, …) sets every part of the study that knows it.',
    'With --resume and --out the study may be left out: the one in DIR is continued.',
    'A study with "weights": {"file": PATH} starts from those instead of pretraining; PATH is relative to its file.',
    'Ctrl-C stops after the current step; --resume then goes on from the last epoch.',
  ],
  async run(args, context) {
    const [name] = args.positional;
    const resume = args.has('resume');
    const given = args.text('out');
    if (!name && !(resume && given))
      throw new LetheError('lethe run needs a study file or the name of a preset; lethe presets lists them.');
    const folder = given ?? join('lethe-out', nameOf(name!));
    const file = name ?? join(folder, 'study.json');
    const { study, weights } = await withWeights(await readStudy(file, args.all('set')), dirname(file));
    const plan = planStudy(study, registries);
    if (plan.problems[0]) throw new LetheError(plan.problems[0]);
    await prepareFolder(folder, resume);

    const text = `${JSON.stringify(study, null, 2)}\n`;
    await writeWhole(join(folder, 'study.json'), text);
    const store = fileStore(artifacts(folder));
    if (weights) await keepWeights(store, weights);
    const session = createSession({
      registries,
      openEngine: openDevice,
      readAsset: assetReader(context.root),
      dataHost: openDataHost(),
      store,
      emit: progressPrinter(context.stderr, context.interactive),
    });
    const stop = () => void session.cancel();
    context.signal.addEventListener('abort', stop);
    try {
      if (context.signal.aborted) stop();
      const result = await session.run(study);
      for (const file of filesOf(plan))
        await writeWhole(join(folder, file.name), await session.export(...file.what));
      await writeWhole(join(folder, 'result.json'), `${JSON.stringify(result)}\n`);
      context.stderr(`Done: ${folder}\n`);
    } catch (error) {
      if (context.signal.aborted)
        throw new LetheError(`Stopped; lethe run --resume --out ${folder} goes on from here.`);
      throw error;
    } finally {
      context.signal.removeEventListener('abort', stop);
      session.dispose();
    }
  },
};

const artifacts = (folder: string) => join(folder, 'artifacts');

/** The last part of a path, without its extension. */
function nameOf(study: string): string {
  return study
    .replace(/\.json$/, '')
    .split(/[\\/]/)
    .at(-1)!;
}

async function readStudy(name: string, assignments: string[]): Promise<Study> {
  const preset = presets.find(({ id }) => id === name);
  const isFile = !preset && (name.endsWith('.json') || existsSync(name));
  const parsed = isFile ? parseStudy(await readJson(name)) : parseStudy(getPreset(name).study);
  // Someone who starts a night's work wants to know of a misspelt field now.
  if (!parsed.ok) throw new LetheError(`${name}: ${parsed.problem}`);
  if (parsed.problems[0]) throw new LetheError(`${name}: ${parsed.problems[0]}`);
  const names = (registry: typeof registries.unlearners | typeof registries.localizers) => (id: string) =>
    registry.find(id)?.settings.map((setting) => setting.name) ?? [];
  const known = { method: names(registries.unlearners), strategy: names(registries.localizers) };
  return assignments.reduce((study, assignment) => applySetting(study, assignment, known), parsed.study);
}

/**
 * Reads the weights that a study starts from, and binds it to them by their hash. A file that is no longer there may still be among
 * the artifacts, if the study names its hash.
 * @param base the folder of the study's file
 */
async function withWeights(
  study: Study,
  base: string,
): Promise<{ study: Study; weights?: { name: string; bytes: Uint8Array } }> {
  if (!study.weights) return { study };
  const { file, sha256 } = study.weights;
  const path = resolve(base, file);
  if (sha256 && !existsSync(path)) return { study };
  const bytes = await readBytes(path);
  const found = hashOfFile(bytes);
  if (sha256 && found !== sha256)
    throw new LetheError(`${path} is not the file that the study was made with: its SHA-256 differs.`);
  return { study: { ...study, weights: { file, sha256: found } }, weights: { name: file, bytes } };
}

/** Keeps what an interrupted study left, unless it is to be continued; a finished one is done anew. */
async function prepareFolder(folder: string, resume: boolean): Promise<void> {
  const [begun, finished] = [existsSync(join(folder, 'study.json')), existsSync(join(folder, 'result.json'))];
  if (resume && !begun) throw new LetheError(`${folder} holds no study to resume.`);
  if (!resume && begun && !finished)
    throw new LetheError(
      `${folder} holds an unfinished study: add --resume to go on, or give another --out.`,
    );
  if (!resume && finished) await rm(artifacts(folder), { recursive: true, force: true });
  await rm(join(folder, 'result.json'), { force: true });
}

/** Which artifacts become files, and under which names. */
export function filesOf(plan: Plan): { name: string; what: Parameters<Session['export']> }[] {
  const files: { name: string; what: Parameters<Session['export']> }[] = [];
  const seeds = new Set<number>();
  const scores = new Set<string>();
  for (const { run, score, mask } of plan.runs) {
    if (!seeds.has(run.seed)) {
      seeds.add(run.seed);
      files.push({ name: `original-s${run.seed}.safetensors`, what: ['original', run.id] });
      files.push({ name: `oracle-s${run.seed}.safetensors`, what: ['oracle', run.id] });
    }
    files.push({ name: `${run.id}.safetensors`, what: ['run', run.id] });
    if (mask) files.push({ name: `${run.id}.mask.safetensors`, what: ['mask', run.id] });
    // A sweep over alpha has one map for all its runs: it is named after the first.
    if (score && !scores.has(score)) {
      scores.add(score);
      files.push({ name: `${run.id}.scores.safetensors`, what: ['scores', run.id] });
    }
  }
  return files;
}
