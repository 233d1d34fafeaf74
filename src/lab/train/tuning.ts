import type { Operands } from '../gpu/conv/operands';
import { type MatrixProduct, shapeClass } from '../gpu/conv/shape-class';
import { fitsDevice, fitsShape, TILINGS, tilingNamed } from '../gpu/conv/tilings';
import type { LabDevice } from '../gpu/device';
import { productsOf, setProducts, type TilingChoice } from '../gpu/products';
import { type TilingTrial, tryTilings } from '../gpu/tiling-trial';
import { LetheError } from '../settings';
import type { ArtifactStore } from '../store/store';
import type { Precision } from '../study/precision';
import { type KeptTilings, keepTilings, readTilings, type TilingPolicy } from './kept-tilings';

/** Names of the classes of some products, each once. */
const classesOf = (products: readonly MatrixProduct[], operands: Operands): string[] => [
  ...new Set(products.map(({ kind, shape }) => shapeClass(kind, shape, operands))),
];

/** @throws LetheError where a tiling that was given asks for more than the device or a product has */
function checkFits(device: LabDevice, products: readonly MatrixProduct[], choice: TilingChoice): void {
  const { lanes, operands } = productsOf(device.backend);
  for (const { kind, shape } of products) {
    const tiling = tilingNamed(choice[shapeClass(kind, shape, operands)] ?? '');
    if (!tiling) continue;
    if (!fitsDevice(tiling, { limits: device.gpu.limits, lanes }))
      throw new LetheError(
        `${device.description.label} cannot compute by the tiling ${tiling.id}: it has less shared memory, or other subgroups, than the device that this was chosen on.`,
      );
    if (!fitsShape(tiling, shape))
      throw new LetheError(
        `The tiling ${tiling.id} needs numbers of channels that 4 divides, not ${shape.channels} and ${shape.outChannels}.`,
      );
  }
}

/** What the products of a study take on a device. */
export function operandsFor({ gpu, backend }: LabDevice, precision: Precision): Operands {
  if (precision === 'float32') return 'f32';
  return productsOf(backend).variant === 'tiled' && gpu.features.has('shader-f16') ? 'f16' : 'rounded';
}

/** Settles a device's tilings, study by study. What a study does not compute is not among them, whatever else is kept. */
export function createTuning(device: LabDevice, policy: TilingPolicy, store?: ArtifactStore) {
  // Of the other products, which are for CPUs, there is nothing to try.
  const tiled = productsOf(device.backend).variant === 'tiled';
  const tries = tiled && (policy === 'trial' || (policy === 'auto' && !device.description.software));
  let kept: KeptTilings | undefined;
  /** What the trials of this engine came to, the default where time ran out before anything was measured. */
  let tried: TilingChoice = {};
  let chosen: TilingChoice | undefined;

  /** Choices for these products and others. What is not known of the adapter is found out and kept. */
  async function known(products: readonly MatrixProduct[]): Promise<TilingChoice> {
    // A cache that cannot be read or written costs another trial, not the study.
    kept ??= (policy === 'auto' &&
      store &&
      (await readTilings(store, device.adapter).catch(() => undefined))) || {
      choice: {},
      wrong: {},
    };
    const { operands } = productsOf(device.backend);
    const settled = { ...tried, ...kept.choice };
    const missing = products.filter(({ kind, shape }) => !(shapeClass(kind, shape, operands) in settled));
    if (missing.length === 0) return settled;
    const { wrong } = kept;
    const tilings = TILINGS.filter(({ id }) => !(id in wrong));
    const trial = await tryTilings(device, missing, { tilings });
    tried = { ...tried, ...trial.choice };
    kept = joined(kept, trial);
    await (store && keepTilings(store, device.adapter, kept).catch(() => undefined));
    return { ...tried, ...kept.choice };
  }

  return {
    async tune(products: readonly MatrixProduct[], precision: Precision = 'float32'): Promise<void> {
      const operands = operandsFor(device, precision);
      setProducts(device.backend, { ...productsOf(device.backend), operands });
      if (!tries && typeof policy === 'string') return;
      const choice = tries ? await known(products) : (policy as TilingChoice);
      chosen = Object.fromEntries(
        classesOf(products, operands).flatMap((name) => (choice[name] ? [[name, choice[name]]] : [])),
      );
      checkFits(device, products, chosen);
      setProducts(device.backend, { ...productsOf(device.backend), tilings: chosen });
    },
    /** The tilings of the products last settled; undefined where none were to be. */
    chosen: (): TilingChoice | undefined => chosen,
  };
}

/** What is kept, with what a trial measured: where it came to nothing the next engine tries again. */
const joined = (kept: KeptTilings, { classes }: TilingTrial): KeptTilings => ({
  choice: {
    ...kept.choice,
    ...Object.fromEntries(
      classes.flatMap(({ class: name, chosen, tried }) =>
        tried.some(({ milliseconds }) => milliseconds !== undefined) ? [[name, chosen] as const] : [],
      ),
    ),
  },
  wrong: {
    ...kept.wrong,
    ...Object.fromEntries(
      classes.flatMap(({ tried }) =>
        tried.flatMap(({ tiling, wrong }) => (wrong ? [[tiling, wrong] as const] : [])),
      ),
    ),
  },
});
