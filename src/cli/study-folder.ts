import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { datasetSources } from '../lab/data/sources';
import { checkWanted } from '../lab/data/sources/source';
import { decodeCheckpoint, readStateDict } from '../lab/nn/checkpoint';
import { withStemOf } from '../lab/nn/infer';
import type { Plan } from '../lab/plan/plan';
import { planStudy } from '../lab/plan/plan-study';
import { registries } from '../lab/session/all-registries';
import { LetheError } from '../lab/settings';
import { hashOfFile } from '../lab/stages/common/given-weights';
import { getPreset, presets } from '../lab/study/presets';
import { asRefusal } from '../lab/study/prune';
import { parseStudy } from '../lab/study/schema';
import { applySetting } from '../lab/study/set';
import type { Study } from '../lab/study/study';
import type { CommandContext, Option } from './command';
import { readBytes, readJson, withFileName } from './inputs';
import { withLocalData } from './local-data';
import { watchLoading } from './progress';
import { shellQuoted } from './quoted';

/** Options of every command that takes a study. */
export const studyOptions = {
  out: { value: 'DIR', help: 'folder for the results; default: lethe-out/<preset or file name>' },
  set: {
    value: 'PATH=VALUE',
    help: 'changes the study, e.g. pretrain.epochs=5 or alpha=[0.1,0.3]',
    multiple: true,
  },
} satisfies Record<string, Option>;

/** The advice in errors about a folder where results cannot be written. */
export const OTHER_OUT = 'give another --out';

/** Paths of the files in a folder of results. */
export const inFolder = {
  study: (folder: string) => join(folder, 'study.json'),
  result: (folder: string) => join(folder, 'result.json'),
  artifacts: (folder: string) => join(folder, 'artifacts'),
  parts: (folder: string) => join(folder, 'parts'),
  progress: (folder: string) => join(folder, 'progress'),
};

/** Where the results of a study go unless the command line says otherwise. */
export function defaultFolder(study: string): string {
  return join('lethe-out', nameOf(study));
}

/** The last part of a path, without its extension. */
function nameOf(study: string): string {
  return study
    .replace(/\.json$/, '')
    .split(/[\\/]/)
    .at(-1)!;
}

/**
 * A study file or preset with the settings of the command line.
 * @throws LetheError for anything that does not fit: a night's work should not start from a misspelt field.
 */
export async function readStudy(name: string, assignments: string[]): Promise<Study> {
  const preset = presets.find(({ id }) => id === name);
  const isFile = !preset && (/[\\/.]/.test(name) || existsSync(name));
  if (isFile && existsSync(inFolder.study(name)))
    throw new LetheError(
      `${name} is a folder of results: lethe run --resume --out ${shellQuoted(name)} goes on in it.`,
    );
  const parsed = isFile ? parseStudy(await readJson(name)) : parseStudy(getPreset(name).study);
  if (!parsed.ok) throw new LetheError(`${name}: ${parsed.problem}`);
  if (parsed.problems[0]) throw new LetheError(`${name}: ${asRefusal(parsed.problems[0])}`);
  const names = (registry: typeof registries.unlearners | typeof registries.localizers) => (id: string) =>
    registry.find(id)?.settings.map((setting) => setting.name) ?? [];
  const known = { method: names(registries.unlearners), strategy: names(registries.localizers) };
  return assignments.reduce((study, assignment) => applySetting(study, assignment, known), parsed.study);
}

/** A file of weights that a study starts from; it is kept among the study's artifacts. */
export interface WeightsFile {
  name: string;
  bytes: Uint8Array;
}

/**
 * A study with its plan and the weights that it starts from, where it names some.
 * @throws LetheError for anything that does not fit.
 */
export async function openStudy(
  name: string,
  assignments: string[],
  context: CommandContext,
): Promise<{ plan: Plan; weights?: WeightsFile }> {
  const base = dirname(name);
  const { study, weights } = await withWeights(await readStudy(name, assignments), base);
  const watch = watchLoading(study.data.source, context);
  const plan = planOrRefuse(await withLocalData(study, base, watch));
  if (weights) await withFileName(weights.name, () => decodeCheckpoint(plan.spec, weights.bytes));
  return { plan, weights };
}

/**
 * Reads the weights that a study starts from, and binds it to them by their hash. If the file is gone, the weights may
 * still be among the artifacts, found by the hash in the study. A network without a stem gets the stem of the weights.
 * @param base the folder of the study's file
 */
async function withWeights(study: Study, base: string): Promise<{ study: Study; weights?: WeightsFile }> {
  if (!study.weights) return { study };
  const { file, sha256 } = study.weights;
  const path = resolve(base, file);
  if (sha256 && !existsSync(path)) return { study };
  const bytes = await readBytes(path);
  const found = hashOfFile(bytes);
  if (sha256 && found !== sha256)
    throw new LetheError(`${path} is not the file that the study was made with: its SHA-256 differs.`);
  const given = await withFileName(file, () => readStateDict(bytes));
  const model = 'config' in study.model ? { config: withStemOf(given, study.model.config) } : study.model;
  const bound = { ...study, model, weights: { file, sha256: found } };
  return { study: bound, weights: { name: file, bytes } };
}

/** Plans a study. @throws LetheError for settings that do not exist or do not fit, and more images than there are. */
export function planOrRefuse(study: Study): Plan {
  const { data } = study;
  checkWanted(data, datasetSources.get(data.source));
  const plan = planStudy(study, registries);
  if (plan.problems[0]) throw new LetheError(plan.problems[0]);
  return plan;
}
