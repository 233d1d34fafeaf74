import type { LabEvent, StageProgress } from '../lab-api';
import type { StageRef } from '../plan/plan';

/** At most ten progress events a second leave the lab. */
const INTERVAL_MS = 100;
/** Rates are measured over the recent past: the first steps compile pipelines and would spoil an average. */
const WINDOW_MS = 15_000;
/** Less than this says nothing about the rate. */
const LEAST_SECONDS = 1;

/**
 * Turns ticks into progress events: throttled, with images a second and the time left, estimated in image passes.
 * `now` is a clock in milliseconds that stands still while the study is paused.
 */
export class Meter {
  private readonly study: string;
  private readonly now: () => number;
  private readonly emit: (event: LabEvent) => void;
  private total = 0;
  private finished = 0;
  private stageWork = 0;
  private stageDone = 0;
  private images = 0;
  private passes = 0;
  private first: { at: number; passes: number } | undefined;
  private last = 0;
  private shown: Pick<StageProgress, 'done' | 'total' | 'counted'> | undefined;
  private lastEmission = Number.NEGATIVE_INFINITY;
  private history: { at: number; work: number; images: number }[] = [];

  constructor(study: string, now: () => number, emit: (event: LabEvent) => void) {
    this.study = study;
    this.now = now;
    this.emit = emit;
  }

  /** @param total work of the whole study, in image passes; may become better known on the way. */
  expect(total: number): void {
    this.total = total;
  }

  startStage(work: number): void {
    this.stageWork = work;
    this.stageDone = 0;
    this.shown = undefined;
    this.lastEmission = Number.NEGATIVE_INFINITY;
  }

  endStage(): void {
    this.finished = Math.min(this.total, this.finished + this.stageWork);
    this.stageWork = 0;
    this.stageDone = 0;
    this.emit({ type: 'study-progress', study: this.study, done: this.finished, total: this.total });
  }

  /** Image passes a second from the first tick to the last, with all that was done in between; undefined where that was too short. */
  get pace(): number | undefined {
    const seconds = (this.last - (this.first?.at ?? 0)) / 1000;
    return this.first && seconds >= LEAST_SECONDS ? (this.passes - this.first.passes) / seconds : undefined;
  }

  /**
   * `images` went through since the last call, costing `passes`. Without `shown` (a look at the curves amid training) the
   * stage's last progress stays. True when this tick was reported: at most ten a second are, and those `atOnce`.
   */
  tick(
    ref: StageRef,
    images: number,
    passes: number,
    shown?: Pick<StageProgress, 'done' | 'total' | 'counted'>,
    atOnce = false,
  ): boolean {
    const at = this.now();
    this.images += images;
    this.passes += passes;
    this.first ??= { at, passes };
    this.last = at;
    this.stageDone = Math.min(this.stageWork, this.stageDone + passes);
    this.shown = shown ?? this.shown;
    if (!this.shown || (!atOnce && at - this.lastEmission < INTERVAL_MS)) return false;
    this.lastEmission = at;
    const work = this.finished + this.stageDone;
    this.history.push({ at, work, images: this.images });
    while (this.history.length > 2 && at - this.history[0]!.at > WINDOW_MS) this.history.shift();
    const first = this.history[0]!;
    const seconds = (at - first.at) / 1000;
    const rate = (work - first.work) / seconds;
    const known = seconds >= LEAST_SECONDS;
    const eta = (left: number) => (known && rate > 0 ? left / rate : undefined);
    this.emit({
      type: 'stage-progress',
      ref,
      progress: {
        ...this.shown,
        imagesPerSecond: known ? (this.images - first.images) / seconds : undefined,
        etaSeconds: eta(this.stageWork - this.stageDone),
      },
    });
    this.emit({
      type: 'study-progress',
      study: this.study,
      done: work,
      total: this.total,
      etaSeconds: eta(this.total - work),
    });
    return true;
  }
}
