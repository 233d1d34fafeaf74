/** How often the page looks whether the worker has sent a beat. */
const LOOK_MS = 3000;
/** So many looks without a beat: a worker that computes may be busy for seconds at a time. */
const MISSED = 10;

/** Watches over beats, from the first one on. */
export interface BeatWatch {
  /** A beat has come. @param onMissed called once, when none has come for half a minute */
  take(onMissed: () => void): void;
  end(): void;
}

/** Counts looks, not time: a page that sleeps looks as little as its worker beats. */
export function watchBeats(): BeatWatch {
  let missed = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const end = () => clearInterval(timer);
  return {
    take(onMissed) {
      missed = 0;
      timer ??= setInterval(() => {
        missed++;
        if (missed < MISSED) return;
        end();
        onMissed();
      }, LOOK_MS);
    },
    end,
  };
}
