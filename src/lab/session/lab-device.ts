import type { Dataset } from '../data/dataset';
import type { MatrixProduct } from '../gpu/conv/shape-class';
import { trainingProducts } from '../nn/products';
import { checkMemory, type DataKind, kindOf } from '../plan/cost';
import { canonicalJson } from '../plan/hash';
import type { Plan } from '../plan/plan';
import type { PlanRegistries } from '../plan/stage-planning';
import type { Engine, LiveModel } from '../train/engine';

/** The matrix products of a training step of a study's original. */
function productsOfStudy({ spec, study }: Plan, { shape, augment }: Dataset): MatrixProduct[] {
  const { pretrain, microBatch = Number.POSITIVE_INFINITY, data } = study;
  const batch = Math.min(pretrain.batch, microBatch, data.train);
  return trainingProducts(spec.config, batch, augment ? [augment.size, augment.size] : [shape[0], shape[1]]);
}

interface LabDeviceOptions {
  registries: PlanRegistries;
  /** @throws LetheError naming what is missing. */
  openEngine(): Promise<Engine>;
  /** Told when a device that was open is lost; the next `open` asks for another. */
  onLost(message: string): void;
}

/** The device of a lab, opened when it is first needed, and what lies on it: one data set and one network. */
export class LabDevice {
  private readonly options: LabDeviceOptions;
  private engine: Promise<Engine> | undefined;
  /** A device that has failed, until `free`. */
  private broken: Engine | undefined;
  private onDevice: Dataset | undefined;
  private live: { key: string; model: LiveModel } | undefined;
  /** Bytes that the device was found to hold: what is on it counts among them, and makes room for what comes. */
  private reserved = 0;

  constructor(options: LabDeviceOptions) {
    this.options = options;
  }

  /** The data set on the device. */
  get data(): Dataset | undefined {
    return this.onDevice;
  }

  open(): Promise<Engine> {
    if (this.engine) return this.engine;
    this.free();
    const opening = this.options.openEngine();
    this.engine = opening;
    opening.then(
      (opened) => {
        opened.lost.then((message) => {
          if (this.engine !== opening) return;
          this.forget();
          this.options.onLost(message);
        });
        // What is being computed on it is refused with the error, which is told there.
        opened.failed.then(() => {
          if (this.engine !== opening) return;
          this.forget();
          this.broken = opened;
        });
      },
      () => {
        if (this.engine === opening) this.engine = undefined;
      },
    );
    return opening;
  }

  /**
   * The network of this plan on the device, with the data beside it.
   * @throws TooLargeError when the device is too small for the study.
   */
  async prepare(plan: Plan, opened: Engine, data: Dataset): Promise<LiveModel> {
    await this.checkFits(plan, opened, kindOf(data));
    return this.bring(plan, opened, data);
  }

  /** @throws TooLargeError when the device is too small for the study. */
  async checkFits(plan: Plan, opened: Engine, data: DataKind): Promise<void> {
    const { registries } = this.options;
    let needed = 0;
    await checkMemory({ plan, registries, data }, opened.device.label, async (bytes) => {
      needed = bytes;
      return bytes <= this.reserved || opened.holds(bytes - this.reserved);
    });
    this.reserved = Math.max(this.reserved, needed);
  }

  /** As `prepare`, for who has made sure that there is room. */
  async bring(plan: Plan, opened: Engine, data: Dataset): Promise<LiveModel> {
    const { precision, microBatch } = plan.study;
    const key = canonicalJson([plan.spec.config, precision, microBatch]);
    if (this.onDevice !== data) {
      this.clear();
      await opened.useDataset(data);
      this.onDevice = data;
    }
    await opened.tune(productsOfStudy(plan, data), precision);
    if (this.live?.key !== key) {
      this.live?.model.dispose();
      this.live = undefined;
      this.live = { key, model: await opened.createModel(plan.spec, { microBatch }) };
    }
    return this.live.model;
  }

  /** Takes network and data off the device. */
  clear(): void {
    this.live?.model.dispose();
    this.live = undefined;
    this.onDevice = undefined;
  }

  /** Gives back a device that has failed. Nothing may be computing on it: without its backend that would end with another error. */
  free(): void {
    this.broken?.dispose();
    this.broken = undefined;
  }

  dispose(): void {
    this.clear();
    this.free();
    this.engine?.then(
      (opened) => opened.dispose(),
      () => undefined,
    );
    this.forget();
  }

  private forget(): void {
    this.engine = undefined;
    this.live = undefined;
    this.onDevice = undefined;
    this.reserved = 0;
  }
}
