import * as tf from '@tensorflow/tfjs-core';
import type { Operands } from './conv/operands';
import { filterShape, inputShape, outputShape } from './conv/shape';
import { type MatrixProduct, type ProductKind, productFlop, shapeClass } from './conv/shape-class';
import { tiledKernel, tiledKernels } from './conv/tiled';
import { defaultTiling, fitsDevice, fitsShape, TILINGS, type Tiling } from './conv/tilings';
import type { LabDevice } from './device';
import { compileKernel } from './dispatch';
import { captureStep, type Plan } from './plan';
import { productsOf, type TilingChoice } from './products';
import { agreement, noise } from './tiling-checks';

/** What a trial found about one tiling in one class. */
export interface TriedTiling {
  tiling: string;
  /** Of one product, the least of some; absent where it was not measured. */
  milliseconds?: number;
  /** Why it cannot be chosen, one sentence; absent where it agrees with the others. */
  wrong?: string;
  /** Whether its result is that of the first tiling to the bit. */
  sameBits?: boolean;
}

/** What a trial found in one class of products. */
export interface TriedClass {
  /** As `shapeClass` names it. */
  class: string;
  /** The largest product of the class, which was tried. */
  product: MatrixProduct;
  tried: TriedTiling[];
  chosen: string;
  /** False where time ran out: what was not tried was not chosen, and without any measurement the default is no finding. */
  complete: boolean;
}

export interface TilingTrial {
  /** A tiling for each class of the products; the default where none was found to be faster. */
  choice: TilingChoice;
  /** In the order in which they were tried, the most work first. */
  classes: TriedClass[];
  milliseconds: number;
}

export interface TrialOptions {
  /** Milliseconds for all of it. One product in hand, or a driver's compiler, may end a little later. */
  limit?: number;
  tilings?: readonly Tiling[];
  /** A clock in milliseconds. */
  now?: () => number;
}

const LIMIT = 2000;
/** A tiling must save so much of the default's time to take its place: less may be chance. */
const WORTH_IT = 0.05;
const ROUNDS = 4;
/** A tiling that takes so many times the best one's in its first round is measured no further. */
const HOPELESS = 1.5;
/** One measurement repeats a product until it is about so much work, so that launching it does not count. */
const GFLOP = 8;
const MOST_REPEATS = 32;
/** Float32 sums of one order differ by much less, relative to the largest value. */
const TOLERANCE = 1e-4;

const TIME_OUT = Symbol('time ran out');

/** The columns of a product's matrix, by which the default is chosen. */
const columnsOf = ({ kind, shape }: MatrixProduct) =>
  kind === 'input-gradient' ? shape.channels : shape.outChannels;

/** The largest product of each class and all of the class's work, the most first. */
function classesOf(products: readonly MatrixProduct[], operands: Operands) {
  const classes = new Map<string, { product: MatrixProduct; flop: number }>();
  for (const product of products) {
    const name = shapeClass(product.kind, product.shape, operands);
    const flop = productFlop(product.shape);
    const known = classes.get(name);
    if (!known) classes.set(name, { product, flop });
    else {
      if (flop > productFlop(known.product.shape)) known.product = product;
      known.flop += flop;
    }
  }
  return [...classes].map(([name, rest]) => ({ name, ...rest })).sort((a, b) => b.flop - a.flop);
}

/** The tilings that suit a product on a device, its default first. Tiles of twice its columns or more are left out. */
function candidatesFor(
  product: MatrixProduct,
  { gpu, backend }: Pick<LabDevice, 'gpu' | 'backend'>,
  tilings: readonly Tiling[] = TILINGS,
): Tiling[] {
  const columns = columnsOf(product);
  const usual = defaultTiling(columns);
  const { lanes } = productsOf(backend);
  const others = tilings.filter(
    (tiling) =>
      tiling.id !== usual.id &&
      tiling.n < Math.max(2 * columns, 64) &&
      fitsShape(tiling, product.shape) &&
      fitsDevice(tiling, { limits: gpu.limits, lanes }),
  );
  return [usual, ...others];
}

/**
 * Tries tilings on products of a study and chooses, for each class of them, the one that is fastest on this device among those whose
 * results agree. Every result is compared with the others' on the device; what most agree on counts as right. Products are tried in
 * the order of their work until time is up; what was not reached keeps its default.
 * @param products of a training step: `trainingProducts` in src/lab/nn/products.ts
 */
export async function tryTilings(
  device: Pick<LabDevice, 'gpu' | 'backend' | 'description' | 'guard'>,
  products: readonly MatrixProduct[],
  { limit = LIMIT, tilings = TILINGS, now = () => performance.now() }: TrialOptions = {},
): Promise<TilingTrial> {
  const started = now();
  const end = started + limit;
  const classes = classesOf(products, productsOf(device.backend).operands).map((each) => ({
    ...each,
    candidates: candidatesFor(each.product, device, tilings),
  }));
  const compiled = compiler(device);
  // Side by side; but a CPU's compilers take seconds for each kernel and would go on after the trial.
  if (!device.description.software)
    for (const { product, candidates } of classes)
      for (const tiling of candidates) void compiled(product.kind, tiling);
  const tried: Omit<TriedClass, 'chosen'>[] = [];
  for (const { name, product, candidates } of classes) {
    if ((await before(end - now(), compiled(product.kind, candidates[0]!))) === TIME_OUT) {
      tried.push({ class: name, product, tried: [], complete: false });
      continue;
    }
    // Half of the time that is left, so that something is left for the next.
    const until = now() + (end - now()) / 2;
    const trial = new ClassTrial(device, product, now);
    let complete = true;
    try {
      for (const tiling of candidates) {
        const refusal = await before(until - now(), compiled(product.kind, tiling));
        if (typeof refusal === 'string') {
          trial.refuse(tiling, refusal);
          continue;
        }
        complete =
          refusal !== TIME_OUT && (await before(until - now(), trial.measure(tiling, until))) !== TIME_OUT;
        if (!complete) break;
      }
    } finally {
      await trial.dispose();
    }
    tried.push({ class: name, product, tried: trial.verdict(), complete });
  }
  const faulty = new Set(
    tried.flatMap((each) => each.tried.flatMap(({ tiling, wrong }) => (wrong ? [tiling] : []))),
  );
  const chosen = tried.map((each) => ({
    ...each,
    chosen: chooseTiling(each.tried, defaultTiling(columnsOf(each.product)).id, faulty),
  }));
  return {
    choice: Object.fromEntries(chosen.map((each) => [each.class, each.chosen])),
    classes: chosen,
    milliseconds: now() - started,
  };
}

/**
 * The fastest of what was tried, unless the default is about as fast.
 * @param usual the default's id @param faulty tilings that are wrong in some class: they are trusted in none
 */
export function chooseTiling(
  tried: readonly TriedTiling[],
  usual: string,
  faulty: ReadonlySet<string>,
): string {
  const timed = tried.flatMap(({ tiling, milliseconds }) =>
    milliseconds === undefined || faulty.has(tiling) ? [] : [{ tiling, milliseconds }],
  );
  const fastest = timed.sort((a, b) => a.milliseconds - b.milliseconds)[0];
  const own = timed.find(({ tiling }) => tiling === usual);
  const worthIt = fastest && (!own || fastest.milliseconds < (1 - WORTH_IT) * own.milliseconds);
  return worthIt ? fastest.tiling : usual;
}

/** Compiles kernels, each once; answers why one was refused, and undefined when it is ready. */
function compiler({ gpu, backend }: Pick<LabDevice, 'gpu' | 'backend'>) {
  const compiling = new Map<string, Promise<string | undefined>>();
  return (kind: ProductKind, tiling: Tiling): Promise<string | undefined> => {
    const kernel = tiledKernel(kind, tiling, productsOf(backend).operands);
    let ready = compiling.get(kernel.key);
    if (ready) return ready;
    gpu.pushErrorScope('validation');
    ready = compileKernel(backend, kernel).then(
      () => undefined,
      (cause: Error) => `This device does not compile it: ${cause.message}`,
    );
    gpu.popErrorScope().catch(() => null);
    compiling.set(kernel.key, ready);
    return ready;
  };
}

/** What work comes to, or `TIME_OUT` where it takes longer; it goes on then. */
async function before<T>(milliseconds: number, work: Promise<T>): Promise<T | typeof TIME_OUT> {
  if (milliseconds <= 0) return TIME_OUT;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const up = new Promise<typeof TIME_OUT>((resolve) => {
    timer = setTimeout(() => resolve(TIME_OUT), milliseconds);
  });
  return Promise.race([work, up]).finally(() => clearTimeout(timer));
}

/** Tilings whose results agree, and a plan that holds one of them. */
interface Party {
  plan: Plan;
  members: string[];
}

/** The trial of one class. */
class ClassTrial {
  private readonly device: Pick<LabDevice, 'gpu' | 'backend' | 'description' | 'guard'>;
  private readonly product: MatrixProduct;
  private readonly now: () => number;
  private readonly operands: tf.Tensor[];
  private readonly tried: TriedTiling[] = [];
  private readonly parties: Party[] = [];
  private working: Promise<void> = Promise.resolve();

  constructor(device: ClassTrial['device'], product: MatrixProduct, now: () => number) {
    this.device = device;
    this.product = product;
    this.now = now;
    const { kind, shape } = product;
    const sides = {
      forward: [inputShape(shape), filterShape(shape)],
      'input-gradient': [outputShape(shape), filterShape(shape)],
      'filter-gradient': [inputShape(shape), outputShape(shape)],
    };
    this.operands = sides[kind].map((side, i) => noise(side, i + 1));
  }

  refuse(tiling: Tiling, wrong: string): void {
    this.tried.push({ tiling: tiling.id, wrong });
  }

  /** Times it for some rounds, of which none begins after `until`. */
  measure(tiling: Tiling, until: number): Promise<void> {
    this.working = this.compareAndTime(tiling, until);
    return this.working;
  }

  private async compareAndTime(tiling: Tiling, until: number): Promise<void> {
    const { gpu, guard, description } = this.device;
    const work = productFlop(this.product.shape) / 1e9;
    const repeats = description.software ? 1 : Math.max(1, Math.min(MOST_REPEATS, Math.round(GFLOP / work)));
    const plan = await guard(captureStep(() => this.repeated(tiling, repeats)));
    plan.replay();
    const entry: TriedTiling = { tiling: tiling.id };
    let joined = false;
    for (const { plan: other, members } of this.parties) {
      const { error, sameBits } = await guard(agreement(plan.outputs[0]!, other.outputs[0]!));
      if (members === this.parties[0]!.members) entry.sameBits = sameBits;
      if (error > TOLERANCE) continue;
      members.push(tiling.id);
      joined = true;
      break;
    }
    if (!joined) this.parties.push({ plan, members: [tiling.id] });
    this.tried.push(entry);
    for (let round = 0; round < ROUNDS && this.now() < until; round++) {
      const start = this.now();
      plan.replay();
      await guard(gpu.queue.onSubmittedWorkDone());
      const each = (this.now() - start) / repeats;
      entry.milliseconds = Math.min(entry.milliseconds ?? each, each);
      if (each > HOPELESS * this.best()) break;
    }
    if (joined) plan.dispose();
  }

  /** The product several times over; its last result. */
  private repeated(tiling: Tiling, repeats: number): tf.Tensor[] {
    const { kind, shape } = this.product;
    const [a, b] = this.operands as [tf.Tensor, tf.Tensor];
    const { backend } = this.device;
    const { gather, filterGradient } = tiledKernels(tiling);
    let result: tf.Tensor | undefined;
    for (let i = 0; i < repeats; i++) {
      const info =
        kind === 'filter-gradient'
          ? filterGradient(backend, a, b, shape)
          : gather(backend, kind, a, b, shape);
      result?.dispose();
      result = tf.engine().makeTensorFromTensorInfo(info);
    }
    return [result!];
  }

  private best(): number {
    return Math.min(...this.tried.map(({ milliseconds }) => milliseconds ?? Number.POSITIVE_INFINITY));
  }

  /** What was tried, with what most others do not agree with marked as wrong. */
  verdict(): TriedTiling[] {
    const right = [...this.parties].sort((a, b) => b.members.length - a.members.length)[0]?.members ?? [];
    for (const { members } of this.parties)
      if (members !== right)
        for (const entry of this.tried)
          if (members.includes(entry.tiling))
            entry.wrong = `Its result is not that of ${right.length} other ${right.length === 1 ? 'tiling' : 'tilings'}.`;
    return this.tried;
  }

  /** Waits for what is still running, so that nothing is freed under it. */
  async dispose(): Promise<void> {
    await this.working.catch(() => undefined);
    for (const { plan } of this.parties) plan.dispose();
    tf.dispose(this.operands);
  }
}
