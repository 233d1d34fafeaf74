import { nameOfFiles } from '../../lab/data/data-file';
import { mayHoldImages } from '../../lab/data/formats/recognise';
import { notesText } from '../../lab/data/read-report';
import { datasetSources } from '../../lab/data/sources';
import type { PageFile } from '../../lab/lab-api';
import { rangesOfBlob } from '../../lab/ranges';
import { LetheError } from '../../lab/settings';
import { checkTextSize } from '../../lab/text';
import type { AppStore } from '../state/store';
import { presetLike, sameContent, withHonestName } from '../state/study-names';
import { viewOfResult } from '../state/view';
import { foreignFile, readStudyFile } from './files';
import { hasStorage } from './has-storage';
import { ownSources } from './images';
import type { Keeper } from './library-keeper';
import { ReadingCancelled, watchedReading } from './reading';
import type { Supervisor } from './supervisor';
import { textOf } from './text-of';
import type { TakeTurn } from './turns';
import { whileOpen } from './while-open';

/** A kind of files that can be dropped on the page or opened. */
export interface FileKind {
  /** Whether these are, together, of this kind. Goes by the names or the first bytes. */
  recognises(files: PageFile[]): boolean | Promise<boolean>;
  /** Takes the files into the study. Rejects with a sentence when it cannot. */
  open(files: PageFile[]): Promise<void>;
}

/** Opens files as the first kind that recognises them; what goes wrong is told with their name. */
export async function openFilesAs(
  kinds: readonly FileKind[],
  files: PageFile[],
  store: AppStore,
): Promise<void> {
  if (files.length === 0) return;
  const name = nameOfFiles(files.map(({ path }) => path));
  const tell = (problem: string) =>
    store.getState().notify(problem.startsWith(name) ? problem : `${name}: ${problem}`);
  try {
    const foreign = files.length === 1 && foreignFile(name);
    if (foreign) return void tell(foreign);
    for (const kind of kinds) if (await kind.recognises(files)) return await kind.open(files);
    tell('Several files are opened at once only where they are the images of one data set.');
  } catch (error) {
    if (error instanceof ReadingCancelled) return store.getState().confirm(error.message);
    tell((error as Error).message);
  }
}

/** A kind of which one file is opened at a time. */
const single = (recognises: (name: string) => boolean, open: (file: File) => Promise<void>): FileKind => ({
  recognises: ([first, ...more]) => more.length === 0 && recognises(first!.file.name),
  open: ([first]) => open(first!.file),
});

/** Images of the reader's own: the study then uses them, all of them up to what it can hold. */
export function dataFiles(store: AppStore, supervisor: Pick<Supervisor, 'call'>): FileKind {
  return {
    async recognises(files) {
      const holding = files.map(({ path, file }) => mayHoldImages({ path, content: rangesOfBlob(file) }));
      return (await Promise.all(holding)).includes(true);
    },
    open: (files) => openData(files, store, supervisor),
  };
}

/** @param labelColumn of several columns with classes the one that is meant; the reader's default otherwise */
async function openData(
  files: PageFile[],
  store: AppStore,
  supervisor: Pick<Supervisor, 'call'>,
  labelColumn?: string,
): Promise<void> {
  if (!(await hasStorage()))
    throw new LetheError(
      'The browser gives this page no storage, where images of your own are kept: open it in a tab of its own, in a window that is not private.',
    );
  const { notify, dismiss } = store.getState();
  const name = nameOfFiles(files.map(({ path }) => path));
  const own = whileOpen(store, name);
  const read = watchedReading(store, supervisor, name);
  const { id } = await read((api, ...watched) => api.openDataFiles(files, labelColumn, ...watched));
  await ownSources();
  const { label, available, classes, report } = datasetSources.get(id);
  const { data: before } = store.getState().study;
  const data = { source: id, ...available };
  own.edit((study) => ({ ...study, data }));
  const counts = `${available.train.toLocaleString('en-US')} images to train on, ${available.test.toLocaleString('en-US')} to test on, ${classes.length} classes`;
  const details = report ? ` ${notesText(report)}` : '';
  notify(
    `The study now uses ${label}: ${counts}.${details}`,
    own.undo((study) => ({ ...study, data: before })),
  );
  for (const { label: question, chosen, options } of report?.choices ?? [])
    for (const other of options.filter((option) => option !== chosen)) {
      const again: FileKind = {
        recognises: () => true,
        open: (same) => openData(same, store, supervisor, other),
      };
      const choosing = notify(`${question}: ${chosen}. There is ${other} too.`, {
        label: `Use ${other}`,
        run: () => {
          dismiss(choosing);
          void openFilesAs([again], files, store);
        },
      });
    }
}

/** Studies that a library was exported to. */
export function libraryFiles({ importFrom }: Pick<Keeper, 'importFrom'>): FileKind {
  return single((name) => /\.jsonl$/i.test(name), importFrom);
}

/** `study.json` or `result.json`; everything that nothing else recognises is tried as one. */
export function studyFiles(
  store: AppStore,
  page: Pick<Keeper, 'keep'> & {
    isActive(): boolean;
    takeTurn: TakeTurn;
    showKnown(preset: string | undefined): Promise<void>;
  },
): FileKind {
  const isAnything = () => true;
  return single(isAnything, async (file) => {
    const { notify, confirm, show, openStudy } = store.getState();
    checkTextSize(file.name, file.size);
    const turn = page.takeTurn();
    const opened = readStudyFile(await textOf(file), file.name);
    if (opened.kind === 'bad') throw new LetheError(opened.problem);
    if (turn.overtaken()) return;
    for (const problem of opened.problems) notify(`${file.name}: ${problem}`);
    if (opened.kind === 'result') void page.keep(opened.result, 'opened');
    const study = opened.kind === 'result' ? opened.result.study : withHonestName(opened.study);
    openStudy(study);
    if (page.isActive()) {
      notify('A study is running: stop it to see the opened file.');
      return;
    }
    if (opened.kind === 'result') {
      turn.shown();
      show(viewOfResult(opened.result, 'opened', opened.problems));
      return;
    }
    const { view } = store.getState();
    // Nothing of another study may stand under the opened one's name.
    if (!view || !sameContent(view.study, study)) await page.showKnown(presetLike(study)?.id);
    if (store.getState().unrecorded) confirm(`“${study.name}” is opened: run it to see its numbers.`);
  });
}
