import { datasetSources } from '../../lab/data/sources';
import { isIndexListName } from '../../lab/forget/index-lists/recognise';
import { manual } from '../../lab/forget/manual';
import type { Normalisation } from '../../lab/gpu/augment';
import type { NumbersOf } from '../../lab/image-order';
import type { WeightsReport } from '../../lab/nn/checkpoint';
import { normalisationText } from '../../lab/nn/checkpoints/normalisation';
import { isCheckpointName } from '../../lab/nn/checkpoints/recognise';
import { weightsText } from '../../lab/nn/checkpoints/weights-text';
import { LetheError } from '../../lab/settings';
import { DEEPEST, parseBoundedJson } from '../../lab/study/bounded-json';
import { listOf } from '../../lab/study/expand';
import { FROM_FILE } from '../../lab/study/given-files';
import type { RunSpec, Study } from '../../lab/study/study';
import { checkTextSize } from '../../lab/text';
import { type FileRole, numbersQuestion, type Question, roleQuestion, rolesOf } from '../state/file-roles';
import type { AppStore } from '../state/store';
import { count } from '../ui/format';
import type { FileKind } from './file-kinds';
import { type ReadFile, watchedReading } from './reading';
import type { Supervisor } from './supervisor';
import { textOf } from './text-of';
import { whileOpen } from './while-open';

/** What a file does to the study. */
interface Taken {
  change(study: Study): Study;
  /** Takes the same back; whatever else was edited since stays. */
  undo(study: Study): Study;
  said: (string | false | undefined)[];
  /** How its weights were read. */
  report?: WeightsReport;
}

type Call = Pick<Supervisor, 'call'>;
/** @returns undefined when there was no answer */
type Ask = <Id extends string>(question: Question<Id>) => Promise<Id | undefined>;

/** @returns undefined when the reader did not answer a question about the file */
type Take = (file: File, study: Study, read: ReadFile, ask: Ask) => Promise<Taken | undefined>;

export interface ModelFiles extends FileKind {
  /** Takes a file as what the reader has said that it is. @returns whether the study has it now */
  openAs(role: FileRole, file: File): Promise<boolean>;
}

/**
 * A checkpoint, a mask or a list of images of one's own. Files that Lethe wrote say what they are; of others that can be several things
 * the reader is asked. Read and kept by the worker.
 */
export function modelFiles(store: AppStore, supervisor: Call): ModelFiles {
  const reader = (file: File) => watchedReading(store, supervisor, file.name);
  const identify = (file: File) => reader(file)((api) => api.identifyFile({ name: file.name, file }));
  return {
    async recognises([first, ...more]) {
      if (more.length > 0) return false;
      const { file } = first!;
      if (isCheckpointName(file.name)) return true;
      if (/\.json$/i.test(file.name)) {
        // Studies and results are JSON too: no worker is started to tell them from lists.
        const start = await startOf(file);
        if (!start.startsWith('{')) return start.startsWith('[');
        return (await mayHoldLists(file, start)) && (await identify(file)).kind === 'list';
      }
      return isIndexListName(file.name) && (await identify(file)).kind === 'list';
    },
    async open([first]) {
      const { file } = first!;
      const roles = rolesOf(await identify(file));
      if (roles.length === 0)
        throw new LetheError(
          'Scores and outputs are what Lethe computes: it opens weights, masks and lists of images.',
        );
      const role = roles.length === 1 ? roles[0] : await ask(store, file.name, roleQuestion(roles));
      if (role) await openAs(role, file);
    },
    openAs,
  };

  async function openAs(role: FileRole, file: File): Promise<boolean> {
    const { notify, study } = store.getState();
    const own = whileOpen(store, file.name);
    const askAbout: Ask = (question) => ask(store, file.name, question);
    const taken = await TAKES[role](file, study, reader(file), askAbout);
    if (!taken) return false;
    own.edit(taken.change);
    notify(taken.said.filter(Boolean).join(' '), own.undo(taken.undo));
    if (taken.report) sayHowRead(store, file.name, taken.report);
    return true;
  }
}

/** What was renamed, left out, multiplied and computed: the first few names, and all of them on demand. */
function sayHowRead(store: AppStore, name: string, report: WeightsReport): void {
  // Normalisation is said beside what it changes in the study.
  const said = (verbose: boolean) => weightsText(name, { ...report, normalise: undefined }, verbose);
  const [few, all] = [said(false), said(true)];
  if (!few || !all) return;
  const { notify, dismiss } = store.getState();
  const listAll = {
    label: 'List all',
    run: () => {
      dismiss(short);
      notify(all);
    },
  };
  const short = notify(few, all === few ? undefined : listAll);
}

const startOf = async (file: File) => (await textOf(file.slice(0, 64))).trimStart();

/** Whether a file that begins as an object is one of lists, and neither a study nor a result. */
async function mayHoldLists(file: File, start: string): Promise<boolean> {
  // Lethe writes it first: of a result of its own no more is read here.
  if (/^\{\s*"lethe"/.test(start)) return false;
  checkTextSize(file.name, file.size);
  try {
    const value = parseBoundedJson(await textOf(file), { depth: DEEPEST });
    // What lacks the mark may be a study that somebody wrote, whose lists are of no images.
    const isStudy = ['lethe', 'runs', 'study'].some((field) => Object.hasOwn(value as object, field));
    return !isStudy && holdsList(value);
  } catch {
    // Damaged: whoever opens it as a study says so.
    return false;
  }
}

const holdsList = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length > 0 && value.flat().every((item) => typeof item !== 'object')
    : typeof value === 'object' && value !== null && Object.values(value).some(holdsList);

function ask<Id extends string>(
  store: AppStore,
  file: string,
  question: Question<Id>,
): Promise<Id | undefined> {
  return new Promise((resolve) => {
    const { setUi } = store.getState();
    // A question that was still open is one about a file that was given up.
    store.getState().fileQuestion?.answer();
    const answer = (id?: string) => {
      setUi({ fileQuestion: undefined });
      resolve(id as Id | undefined);
    };
    setUi({ fileQuestion: { file, ...question, answer } });
  });
}

const takeOriginal: Take = async (file, before, read) => {
  const { source } = before.data;
  const opened = { name: file.name, file };
  const kept = await read((api, ...watched) => api.openCheckpoint(opened, source, ...watched));
  const { normalise } = kept.report;
  return {
    change: (study) => ({
      ...study,
      data: withNormalisation(study.data, normalise),
      model: kept.model,
      weights: kept.weights,
    }),
    undo: (study) => ({
      ...study,
      data: withNormalisation(study.data, before.data.normalise),
      model: before.model,
      weights: before.weights,
    }),
    said: [
      `The study now starts from ${file.name}, ${kept.label}.`,
      normalise && `Images are normalised as it says, with ${normalisationText(normalise)}.`,
      kept.assumed,
    ],
    report: kept.report,
  };
};

function withNormalisation({ normalise: _, ...data }: Study['data'], own?: Normalisation): Study['data'] {
  return own ? { ...data, normalise: { mean: [...own.mean], std: [...own.std] } } : data;
}

/** Weights or a mask, once it is seen that they fit the study's network. */
async function openGiven(file: File, role: 'weights' | 'mask', study: Study, read: ReadFile) {
  const opened = { name: file.name, file };
  return read((api, ...watched) => api.openGivenFile(opened, role, study, ...watched));
}

const takeOracle: Take = async (file, before, read) => {
  const { given: weights, report } = await openGiven(file, 'weights', before, read);
  return {
    change: (study) => ({ ...study, oracle: { ...study.oracle, weights } }),
    undo(study) {
      const { weights: _, ...recipe } = study.oracle;
      const { weights: earlier } = before.oracle;
      return { ...study, oracle: earlier ? { ...recipe, weights: earlier } : recipe };
    },
    said: [`The oracle is now ${file.name}: everything is compared with it.`],
    report,
  };
};

/** One more run. */
function withRun(run: RunSpec, said: string, report?: WeightsReport): Taken {
  // Edits of other runs write all specs anew: it is known by its file.
  const text = ({ weights, mask }: RunSpec) => JSON.stringify([weights, mask]);
  return {
    change: (study) => ({ ...study, runs: [...study.runs, run] }),
    undo: (study) => {
      const at = study.runs.findLastIndex((each) => text(each) === text(run));
      return { ...study, runs: study.runs.filter((_, i) => i !== at) };
    },
    said: [said],
    report,
  };
}

const seedsOf = ({ runs }: Study) => runs[0]?.seed ?? 0;

const takeRun: Take = async (file, study, read) => {
  const { given: weights, report } = await openGiven(file, 'weights', study, read);
  const run: RunSpec = { label: file.name, ...FROM_FILE, alpha: 1, seed: seedsOf(study), weights };
  return withRun(run, `${file.name} is now a run of the study, compared like any other.`, report);
};

const takeMask: Take = async (file, study, read) => {
  const { given: mask } = await openGiven(file, 'mask', study, read);
  // Unlearned as the study's first run is, so that only the place differs.
  const like = study.runs.find(({ weights }) => !weights);
  const run: RunSpec = {
    label: file.name,
    strategy: 'manual',
    method: like ? listOf(like.method)[0]! : 'reset-finetune',
    alpha: 1,
    seed: seedsOf(study),
    ...(like?.unlearn && { unlearn: like.unlearn }),
    mask,
  };
  return withRun(run, `The study now has a run within the mask of ${file.name}.`);
};

const takeForget: Take = async (file, before, read, ask) => {
  const { data } = before;
  const open = (numbers?: NumbersOf) =>
    read((api) => api.openIndexList({ name: file.name, file }, { data, which: 'forget', numbers }));
  const unasked = await open();
  const numbers = unasked ? undefined : await ask(numbersQuestion(datasetSources.get(data.source).label));
  const list = unasked ?? (numbers && (await open(numbers)));
  if (!list) return undefined;
  const indices = [...list.indices].sort((a, b) => a - b);
  return {
    change: (study) => ({ ...study, forget: { rule: manual.id, settings: { indices } } }),
    undo: (study) => ({ ...study, forget: before.forget }),
    said: [
      `The forget set is now the ${count(indices.length)} images of ${file.name}.`,
      list.said && `${list.said[0]!.toUpperCase()}${list.said.slice(1)}`,
      numbers === 'lethe' && 'Its numbers are those of Lethe.',
    ],
  };
};

const TAKES: Readonly<Record<FileRole, Take>> = {
  original: takeOriginal,
  oracle: takeOracle,
  run: takeRun,
  mask: takeMask,
  forget: takeForget,
};
