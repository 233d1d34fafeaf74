import { abortError } from '../abort';
import type { Control } from '../train/engine';

export type RunState = 'running' | 'paused' | 'cancelled';
type Progress = Parameters<Control['tick']>[0];

/** Let messages in at least this often: a computation that never waits would make pause and cancel unreachable. */
const BREATH_MS = 50;

/** A macrotask without the 4 ms that browsers add to nested timers. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/**
 * Holds and releases a long computation between two pieces of work (an optimizer step, an evaluation batch).
 * `now` is a clock in milliseconds.
 */
export class Controller {
  state: RunState = 'running';
  /** Milliseconds spent waiting, to be taken off measured times. */
  waited = 0;
  private readonly aborting = new AbortController();
  private allowance = 0;
  private reason: Error = abortError();
  private wake: (() => void) | undefined;
  private lastBreath: number;
  private readonly now: () => number;
  private readonly onState: (state: RunState) => void;

  constructor(now: () => number, onState: (state: RunState) => void) {
    this.now = now;
    this.onState = onState;
    this.lastBreath = now();
  }

  pause(): void {
    if (this.state === 'running') this.change('paused');
  }

  resume(): void {
    if (this.state === 'paused') this.change('running');
  }

  /** Lets everything through up to the end of the next piece of work, then holds again; while running, holds where it is. */
  step(): void {
    if (this.state === 'running') this.pause();
    else if (this.state === 'paused') {
      this.allowance++;
      this.wake?.();
    }
  }

  cancel(reason: Error = abortError()): void {
    if (this.state === 'cancelled') return;
    this.reason = reason;
    this.aborting.abort(reason);
    this.change('cancelled');
  }

  /** Aborted, with the reason, by `cancel`: for work that has no such pieces, such as a download. */
  get signal(): AbortSignal {
    return this.aborting.signal;
  }

  /** @throws the reason (an AbortError) after `cancel`. */
  throwIfCancelled(): void {
    if (this.state === 'cancelled') throw this.reason;
  }

  /**
   * Awaited at the end of a piece of work, or, with `endsPiece` false, at another place where a pause may hold.
   * @param onHold called before a pause holds here
   */
  async pass(endsPiece = true, onHold: () => void = () => {}): Promise<void> {
    // A step that is asked for while messages are let in is for the next piece of work, not for this one.
    const stepped = endsPiece && this.allowance > 0;
    if (this.state === 'running' && this.now() - this.lastBreath >= BREATH_MS) {
      await breathe();
      this.lastBreath = this.now();
    }
    if (this.state === 'paused') {
      if (stepped) this.allowance--;
      if (this.allowance === 0) await this.hold(onHold);
    }
    this.throwIfCancelled();
  }

  private async hold(onHold: () => void): Promise<void> {
    onHold();
    const from = this.now();
    while (this.state === 'paused' && this.allowance === 0)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    this.waited += this.now() - from;
  }

  /**
   * A `Control` for the engine. `watch` is told of every tick, and once more with `held` when a pause holds there.
   * @param endsPiece whether a tick is what `step` counts
   */
  control(watch: (progress: Progress, held: boolean) => void = () => {}, endsPiece = true): Control {
    return {
      tick: async (progress) => {
        watch(progress, false);
        await this.pass(endsPiece, () => watch(progress, true));
      },
    };
  }

  private change(state: RunState): void {
    this.state = state;
    this.allowance = 0;
    this.onState(state);
    this.wake?.();
  }
}
