import { studyKey } from '../../lab/plan/study-key';
import { progressText } from '../state/run-state';
import type { AppStore } from '../state/store';
import type { StudyElsewhere } from '../state/studies-slice';
import { isAtWork } from '../state/view';

const CHANNEL = 'lethe-tabs';
/** Held by a tab as long as it computes: another one that waits for it learns of the end, whatever the cause. */
const lockOf = (tab: string) => `lethe-at-work-${tab}`;
/** Progress is told no more often. */
const TELL_MS = 1000;

type Message = { type: 'who' } | { type: 'at-work'; study: StudyElsewhere };

/** What is told of the study that this page computes; undefined while it computes none. */
function ownStudy(tab: string, { view }: ReturnType<AppStore['getState']>): StudyElsewhere | undefined {
  if (!view || !isAtWork(view)) return undefined;
  return {
    tab,
    key: studyKey(view.study),
    name: view.study.name,
    progress: progressText(view)?.text ?? '',
  };
}

/**
 * Tells other tabs of the study that this page computes, and learns of theirs. Nothing is told where the browser has no channels or refuses
 * locks: in a frame of another site.
 * @param onEnd a study has ended in another tab: it is finished, stopped, or its tab was closed
 */
export function watchOtherTabs(store: AppStore, onEnd: (study: StudyElsewhere) => void): void {
  if (!globalThis.BroadcastChannel || !navigator.locks) return;
  // No secret, and pages that are not secure have no `randomUUID`.
  const tab = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  const channel = new BroadcastChannel(CHANNEL);
  const send = (message: Message) => channel.postMessage(message);
  let release: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tell = () => {
    clearTimeout(timer);
    timer = undefined;
    const study = ownStudy(tab, store.getState());
    if (study) send({ type: 'at-work', study });
  };

  store.subscribe(({ view }, before) => {
    if (view === before.view) return;
    const works = isAtWork(view);
    if (works && !release) {
      const ended = new Promise<void>((resolve) => {
        release = resolve;
      });
      // Told when the lock is held: who hears of it waits for its end.
      navigator.locks
        .request(lockOf(tab), () => {
          tell();
          return ended;
        })
        .catch(() => {});
    } else if (works) timer ??= setTimeout(tell, TELL_MS);
    else {
      clearTimeout(timer);
      timer = undefined;
      release?.();
      release = undefined;
    }
  });

  const known = () => store.getState().elsewhere;

  function learn(study: StudyElsewhere): void {
    const isNew = !known().some((other) => other.tab === study.tab);
    const next = isNew
      ? [...known(), study]
      : known().map((other) => (other.tab === study.tab ? study : other));
    store.getState().setElsewhere(next);
    if (!isNew) return;
    const forget = () => {
      const ended = known().find((other) => other.tab === study.tab);
      store.getState().setElsewhere(known().filter((other) => other !== ended));
      if (ended) onEnd(ended);
    };
    navigator.locks.request(lockOf(study.tab), { mode: 'shared' }, () => {}).then(forget, forget);
  }

  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.type === 'who') tell();
    else learn(data.study);
  });
  send({ type: 'who' });
}
