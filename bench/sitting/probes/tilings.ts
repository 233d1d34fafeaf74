import { openDevice } from '../../../src/lab/gpu/device';
import type { TilingChoice } from '../../../src/lab/gpu/products';
import { type TriedClass, tryTilings } from '../../../src/lab/gpu/tiling-trial';
import { trainingProducts } from '../../../src/lab/nn/products';
import { casesFor } from '../../cases';
import { writeJson } from '../files';

/** What the trial of tilings found, network by network. */
export interface TilingsFound {
  networks: { network: string; milliseconds: number; classes: TriedClass[] }[];
  /** Of all classes so far; where networks share one, the last one's. */
  choice: TilingChoice;
}

/** A CPU takes seconds for what a GPU does in milliseconds, and only shows that the trial works. */
const LIMITS = { gpu: 2000, cpu: 20_000 };

/** Tries the tilings on the products of each network of the bench, and writes what is known after each network. */
export async function probeTilings(path: string): Promise<void> {
  const device = await openDevice({ products: 'tiled' });
  const { software } = device.description;
  const found: TilingsFound = { networks: [], choice: {} };
  for (const { name, spec, batch, side } of Object.values(casesFor(software))) {
    const products = trainingProducts(spec.config, batch, [side, side]);
    const { choice, classes, milliseconds } = await tryTilings(device, products, {
      limit: software ? LIMITS.cpu : LIMITS.gpu,
    });
    found.networks.push({ network: name, milliseconds, classes });
    Object.assign(found.choice, choice);
    await writeJson(path, found);
    console.log(`${name}: ${classes.map((each) => `${each.class}: ${each.chosen}`).join(', ')}`);
  }
  device.check();
  device.dispose();
}
