import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { datasetSources } from '../lab/data/sources';
import { checkWanted } from '../lab/data/sources/source';
import { checkCheckpoint, readWeights, type WeightsReport } from '../lab/nn/checkpoint';
import { normalisationText } from '../lab/nn/checkpoints/normalisation';
import { weightsText } from '../lab/nn/checkpoints/weights-text';
import { withKernelOf, withStemOf } from '../lab/nn/infer';
import { specOf } from '../lab/nn/models';
import type { Plan } from '../lab/plan/plan';
import { planStudy } from '../lab/plan/plan-study';
import { registries } from '../lab/session/all-registries';
import { LetheError } from '../lab/settings';
import { givenFileKey, hashOfFile, type KeptFile, readGivenFile } from '../lab/stages/common/given-weights';
import { fileOfKey } from '../lab/store/envelope';
import { changeGivenFiles } from '../lab/study/given-files';
import { getPreset, presets } from '../lab/study/presets';
import { asRefusal } from '../lab/study/prune';
import { parseStudy } from '../lab/study/schema';
import { applySetting } from '../lab/study/set';
import type { GivenWeights, Study } from '../lab/study/study';
import type { Checkpoint } from '../lab/tensors';
import type { Arguments, CommandContext, Option } from './command';
import { openRanges } from './file-ranges';
import { checkSameNormalisation, readJson, watchFile, withFileName } from './inputs';
import { withLocalData } from './local-data';
import { watchLoading } from './progress';
import { shellQuoted } from './quoted';

/** Options of every command that takes a study. */
export const studyOptions = {
  'label-column': {
    value: 'NAME',
    help: 'which column or list holds the classes, where images of your own have several (data.labelColumn)',
  },
  out: { value: 'DIR', help: 'folder for the results; default: lethe-out/<preset or file name>' },
  set: {
    value: 'PATH=VALUE',
    help: "changes the study, e.g. pretrain.epochs=5 or, quoted for the shell, 'alpha=[0.1,0.3]'",
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

/** What the options change in a study, as `--set` does. */
export function assignmentsOf(args: Arguments): string[] {
  const labelColumn = args.text('label-column');
  return [
    ...args.all('set'),
    ...(labelColumn === undefined ? [] : [`data.labelColumn=${JSON.stringify(labelColumn)}`]),
  ];
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

/** The files that a study names, as they are kept among its artifacts. */
export type WeightsFiles = readonly KeptFile[];

/**
 * A study with its plan and the files that it names.
 * @throws LetheError for anything that does not fit.
 */
export async function openStudy(
  name: string,
  assignments: string[],
  context: CommandContext,
): Promise<{ plan: Plan; weights: WeightsFiles }> {
  const base = dirname(name);
  const { study, original } = await withOriginal(await readStudy(name, assignments), base, context);
  const watch = watchLoading(study.data.source, context);
  const local = withKernel(await withLocalData(study, base, watch), original?.checkpoint);
  const { spec } = planOrRefuse(local);
  if (original) await withFileName(original.given.file, () => checkCheckpoint(spec, original.checkpoint));
  const others: KeptFile[] = [];
  const bound = await changeGivenFiles(local, async (given, role) => {
    const path = role === 'original' ? undefined : pathOf(given, base);
    if (path === undefined) return given;
    const brought = { name: given.file, content: await openRanges(path) };
    const what = role === 'mask' ? 'mask' : 'weights';
    const watched = watchFile(given.file, brought.content, context);
    const read = await withFileName(given.file, () => readGivenFile(brought, what, spec, watched));
    checkHash(path, given, read.given);
    const said = read.report && weightsText(given.file, read.report);
    if (said) context.stderr(`${said}\n`);
    if (read.report?.normalise)
      checkSameNormalisation(
        given.file,
        read.report.normalise,
        local.data.normalise,
        'say in the study’s data.normalise how its images are to be normalised',
      );
    others.push(read);
    return read.given;
  });
  return { plan: planOrRefuse(bound), weights: original ? [original, ...others] : others };
}

/** Where a file lies that a study names; undefined where it is gone, but may be among the artifacts, found by its hash. */
function pathOf({ file, sha256 }: GivenWeights, base: string): string | undefined {
  const path = resolve(base, file);
  if (!sha256) return path;
  // In a folder of results a run's own weights may bear the name of a file that the study was given: the copy that was kept counts.
  const isOfRuns = dirname(path) === resolve(base) && /\.safetensors$/i.test(file);
  return (isOfRuns && isKept(base, sha256)) || !existsSync(path) ? undefined : path;
}

/** Whether a folder of results holds a copy of a file that a study names. */
export const isKept = (folder: string, sha256: string): boolean =>
  existsSync(join(inFolder.artifacts(folder), fileOfKey(givenFileKey(sha256))));

/** @throws LetheError where a study was made with another file. */
function checkHash(path: string, given: GivenWeights, found: GivenWeights): void {
  if (given.sha256 && found.sha256 !== given.sha256)
    throw new LetheError(`${path} is not the file that the study was made with: its SHA-256 differs.`);
}

/**
 * Reads the weights that a study starts from, and binds it to them by their hash. A network without a stem gets the stem of the weights,
 * and the images are normalised as the file says, unless the study says how.
 * @param base the folder of the study's file
 */
async function withOriginal(
  study: Study,
  base: string,
  context: CommandContext,
): Promise<{ study: Study; original?: KeptFile & { checkpoint: Checkpoint } }> {
  const path = study.weights && pathOf(study.weights, base);
  if (!study.weights || path === undefined) return { study };
  const { file } = study.weights;
  const content = await openRanges(path);
  const watched = watchFile(file, content, context);
  const given = { file, sha256: await hashOfFile(content, watched) };
  checkHash(path, study.weights, given);
  const { checkpoint, report, file: bytes } = await withFileName(file, () => readWeights(content, watched));
  const said = weightsText(file, report);
  if (said) context.stderr(`${said}\n`);
  const model =
    'config' in study.model ? { config: withStemOf(checkpoint, study.model.config) } : study.model;
  const own = ownNormalisation(report);
  const normalise = study.data.normalise ?? own;
  if (own && normalise && normalisationText(own) !== normalisationText(normalise))
    context.stderr(`The study’s data.normalise stands in for it: ${normalisationText(normalise)}.\n`);
  const data = normalise ? { ...study.data, normalise } : study.data;
  return { study: { ...study, model, data, weights: given }, original: { given, bytes, checkpoint } };
}

/** A network that is named by its id takes the first kernel of the weights that the study starts from. */
function withKernel(study: Study, checkpoint: Checkpoint | undefined): Study {
  if (!checkpoint || !('id' in study.model)) return study;
  const { config } = specOf(study.model, datasetSources.get(study.data.source));
  const kernel = withKernelOf(checkpoint, config);
  return kernel ? { ...study, model: { config: kernel } } : study;
}

/** As a study holds it. */
function ownNormalisation({ normalise }: WeightsReport): Study['data']['normalise'] {
  return normalise && { mean: [...normalise.mean], std: [...normalise.std] };
}

/** Plans a study. @throws LetheError for settings that do not exist or do not fit, and more images than there are. */
export function planOrRefuse(study: Study): Plan {
  const { data } = study;
  checkWanted(data, datasetSources.get(data.source));
  const plan = planStudy(study, registries);
  if (plan.problems[0]) throw new LetheError(plan.problems[0]);
  return plan;
}
