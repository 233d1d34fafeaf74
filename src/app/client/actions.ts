import { abortError } from '../../lab/abort';
import type { LabApi, PageFile } from '../../lab/lab-api';
import type { LibraryEntry } from '../../lab/library/entry';
import { staleness } from '../../lab/plan/staleness';
import { groupRuns } from '../../lab/results/run-groups';
import { registries } from '../../lab/session/all-registries';
import { data } from '../../lab/stages/data';
import { expandRuns } from '../../lab/study/expand';
import { encodeLink } from '../../lab/study/link';
import { getPreset } from '../../lab/study/presets';
import type { Study } from '../../lab/study/study';
import type { TilingSetting } from '../../lab/train/tiling-setting';
import type { AppStore } from '../state/store';
import { presetLike, sameContent } from '../state/study-names';
import { isAtWork, viewOfResult, viewOfStart } from '../state/view';
import { viewHash } from '../state/view-hash';
import { joinHash } from '../state/view-link';
import { download } from '../ui/download';
import { createEstimator, type Estimator } from './estimator';
import { dataFiles, libraryFiles, openFilesAs, studyFiles } from './file-kinds';
import { fetchRecorded } from './files';
import { createFollower, type Follower } from './follower';
import { hasStorage } from './has-storage';
import { loadImages } from './images';
import { keptStudy } from './kept-results';
import { createLibrary, type Library } from './library';
import { createKeeper } from './library-keeper';
import { modelFiles } from './model-files';
import { createQuestions, type Questions } from './questions';
import type { Supervisor, SupervisorOptions } from './supervisor';
import { setTilingSetting } from './tiling-setting';
import { createTurns } from './turns';
import { forgetUnfinished, markComputing, rememberUnfinished } from './unfinished';

/** Everything the reader can do that is more than a change of state. */
export interface Actions {
  /** Runs the edited study, or goes on with a paused one. */
  run(): Promise<void>;
  pause(): void;
  /** One optimizer step, then paused. */
  step(): void;
  stop(): void;
  loadPreset(id: string): Promise<void>;
  /**
   * Shows what is known of the edited study without touching it: what was computed of it in this browser, or else what is recorded for
   * a preset, if one is named.
   */
  showKnown(preset: string | undefined): Promise<void>;
  openFiles(files: PageFile[]): Promise<void>;
  /** Makes weights from a file a run of the study. @returns its key among the models; undefined where it cannot be, which is said */
  addModel(file: File): Promise<string | undefined>;
  /** Folders of headless runs. */
  readonly folders: Pick<Follower, 'open' | 'stop'>;
  /** What the edited study will take. */
  readonly estimator: Estimator;
  /** Questions about the shown study, while none is running. */
  readonly questions: Questions;
  /** The studies that were computed or opened in this browser. */
  readonly library: Library;
  /** Puts a study of the library into the place of the edited one, with what is known of it. */
  openListed(entry: Pick<LibraryEntry, 'study' | 'name' | 'origin'>): Promise<void>;
  /** Saves what the study that was computed last left of a run, as safetensors that PyTorch reads. */
  saveArtifact(what: Parameters<LabApi['export']>[0], run: string): Promise<void>;
  /** How the lab shares matrix products between a GPU's threads, from its next start on; to be asked while nothing is computed. */
  tune(setting: TilingSetting): void;
  /** The address that restores the edited study and the view. */
  link(): string;
}

/** Of a study that the library has, without a result. */
const unfinishedText = ({ name, status, stages }: LibraryEntry) =>
  `“${name}” ${status === 'failed' ? 'failed' : 'is unfinished'}: ${stages?.done ?? 0} of ${stages?.total ?? 0} stages are done, and a run goes on from there.`;

/** How long a stopped study may take to end by itself. */
const PATIENCE_MS = 4000;

/** Ties the store to the lab's worker. @param makeSupervisor called once, with the listeners */
export function createActions(
  store: AppStore,
  makeSupervisor: (listeners: Pick<SupervisorOptions, 'onEvents' | 'onRestart'>) => Supervisor,
  library = createLibrary(),
): Actions {
  const keeper = createKeeper(store, library);
  let patience: ReturnType<typeof setTimeout> | undefined;
  /** The call that the worker is busy with; it may outlast what the page shows of it. */
  let working: symbol | undefined;
  /** The reader wants that call to end. */
  let stopped = false;
  const takeTurn = createTurns();
  const supervisor = makeSupervisor({
    onEvents: (events) => {
      store.getState().applyEvents(events);
      // Data that had to be downloaded is here now.
      const loaded = events.some((event) => event.type === 'stage-done' && event.ref.stage === data.id);
      if (loaded) refreshImages();
    },
    async onRestart(reason) {
      const next = (await hasStorage())
        ? 'The study goes on from its last checkpoint.'
        : 'The browser keeps nothing for this page, so the study begins anew.';
      store.getState().notify(`${reason} ${next}`);
    },
  });
  const isActive = () => isAtWork(store.getState().view);
  /** Commands to a worker that is on its way out may go unanswered; `run` itself reports what happened. */
  const command = (name: 'pause' | 'step' | 'resume' | 'cancel') => {
    if (isActive()) supervisor.call((api) => api[name]()).catch(() => {});
  };

  const questions = createQuestions(supervisor);
  let loading: AbortController | undefined;
  let shownData = '';
  /** Makes the images those of the edited study, which may ask for others than the one that is shown. */
  async function refreshImages(): Promise<void> {
    const { data } = store.getState().study;
    const wanted = JSON.stringify([data.source, data.train]);
    if (wanted === shownData) return;
    shownData = wanted;
    loading?.abort();
    const { signal } = (loading = new AbortController());
    try {
      const images = await loadImages(data, 'train', signal);
      if (signal.aborted) return;
      if (!images) shownData = '';
      store.getState().setImages(images);
    } catch (error) {
      if (signal.aborted) return;
      shownData = '';
      store.getState().setImages(undefined);
      store.getState().notify((error as Error).message);
    }
  }
  refreshImages();
  store.subscribe((state, before) => {
    if (state.study.data !== before.study.data) refreshImages();
  });

  async function start(study: Study): Promise<void> {
    takeTurn().shown();
    stopped = false;
    const { show, view, notify, claimName } = store.getState();
    claimName();
    show(viewOfStart(study, expandRuns(study), view?.origin === 'live' ? view.device : undefined));
    refreshImages();
    rememberUnfinished(study);
    clearTimeout(patience);
    // A stopped study that has not ended yet would refuse the worker to the next one.
    if (working) supervisor.close();
    const own = Symbol(study.name);
    working = own;
    const unmark = markComputing(study);
    try {
      await questions.stop();
      // While something else was being ended, the lab had no study that a stop could have reached.
      if (stopped) throw abortError();
      const result = await supervisor.run(study);
      await keeper.keep(result, 'computed');
      forgetUnfinished(study);
    } catch (error) {
      if (working !== own) return;
      const { name, message } = error as Error;
      if (name === 'AbortError') {
        forgetUnfinished(study);
        store.getState().applyEvents([{ type: 'study-state', study: '', state: 'cancelled' }]);
      } else {
        store.getState().applyEvents([{ type: 'study-failed', study: '', message }]);
        notify(message);
      }
    } finally {
      unmark();
      if (working === own) working = undefined;
    }
  }

  let recording: symbol | undefined;
  async function showKnown(preset: string | undefined): Promise<void> {
    const { study, show, showNothing, setAwaited, notify, confirm } = store.getState();
    const turn = takeTurn();
    const own = Symbol(study.name);
    recording = own;
    if (!isActive()) {
      setAwaited(true);
      const [recorded, kept] = await Promise.all([
        preset === undefined ? undefined : fetchRecorded(preset).catch((error: Error) => error),
        keptStudy(study),
      ]);
      // Another one was chosen meanwhile.
      if (recording !== own) return;
      setAwaited(false);
      if (turn.overtaken()) return;
      if (recorded instanceof Error && !kept.result) return void notify(recorded.message);
      if (!isActive()) {
        turn.shown();
        const shipped =
          recorded instanceof Error ? undefined : recorded && viewOfResult(recorded, 'recorded');
        const { result, entry } = kept;
        if (!result) {
          if (shipped) show(shipped);
          else showNothing();
          if (entry) confirm(unfinishedText(entry));
          return;
        }
        const isSame = shipped && sameContent(shipped.study, study);
        const origin = entry?.origin === 'opened' ? 'opened' : 'kept';
        return show(viewOfResult(result, origin), isSame ? [shipped] : []);
      }
    }
    confirm('A study is running: stop it and choose again to see what is recorded.');
  }

  // Taking back the choice of another study leads back to what was shown with it, unless the reader's own numbers stand there.
  store.subscribe(({ study, base, past, view }, before) => {
    const stepped = past.length < before.past.length || study === before.future[0]?.study;
    if (!stepped || view?.origin === 'live' || base === before.base) return;
    if (!view || !sameContent(view.study, study)) showKnown(presetLike(base)?.id);
  });

  const models = modelFiles(store, supervisor);
  const kinds = [
    dataFiles(store, supervisor),
    models,
    libraryFiles(keeper),
    studyFiles(store, { isActive, takeTurn, showKnown, keep: keeper.keep }),
  ];

  return {
    async run() {
      const { view, study, notify } = store.getState();
      if (view?.origin === 'live' && view.state === 'paused') return command('resume');
      if (isActive()) return;
      const { problem } = staleness(undefined, study, registries);
      if (problem) notify(problem);
      else await start(study);
    },
    pause: () => command('pause'),
    step: () => command('step'),
    stop() {
      stopped = true;
      command('cancel');
      const { view } = store.getState();
      if (view) forgetUnfinished(view.study);
      // A worker that waits for the device (a shader being compiled, say) cannot listen; it is ended instead.
      clearTimeout(patience);
      patience = setTimeout(() => {
        if (working) supervisor.close();
      }, PATIENCE_MS);
    },
    questions,
    estimator: createEstimator(store, questions, isActive),
    showKnown,
    async loadPreset(id) {
      store.getState().openStudy(getPreset(id).study);
      await showKnown(id);
    },
    library,
    async openListed({ study, name, origin }) {
      store.getState().openStudy(study.name === name ? study : { ...study, name });
      await showKnown(presetLike(study)?.id);
      // What was computed here of the same study lies over the recording.
      const { under, setLookBack } = store.getState();
      const isUnder = under.some((view) => view.origin === 'recorded' && sameContent(view.study, study));
      if (origin === 'recorded' && isUnder && !isActive()) setLookBack(true);
    },
    openFiles: (files) => openFilesAs(kinds, files, store),
    async addModel(file) {
      let isAdded = false;
      const open = async () => {
        isAdded = await models.openAs('run', file);
      };
      await openFilesAs([{ recognises: () => true, open }], [{ path: file.name, file }], store);
      const added = expandRuns(store.getState().study).at(-1);
      return isAdded && added ? groupRuns([added])[0]?.key : undefined;
    },
    folders: createFollower(store, { isActive, takeTurn, keep: keeper.keep }),
    async saveArtifact(what, run) {
      try {
        const { study } = store.getState().view ?? store.getState();
        const bytes = await supervisor.call((api) => api.export(what, run, study));
        download(`${run}-${what}.safetensors`, new Blob([bytes as BlobPart]));
      } catch (error) {
        store.getState().notify((error as Error).message);
      }
    },
    tune(setting) {
      setTilingSetting(setting);
      // A lab reads the setting when it starts.
      if (!working) supervisor.close();
    },
    link: () => {
      const state = store.getState();
      return `${location.origin}${location.pathname}${joinHash(encodeLink(state.study), viewHash(state))}`;
    },
  };
}
