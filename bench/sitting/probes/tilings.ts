import { openDevice } from '../../../src/lab/gpu/device';
import { type TilingTrial, tryTilings } from '../../../src/lab/gpu/tiling-trial';
import { trainingProducts } from '../../../src/lab/nn/products';
import { casesFor } from '../../cases';
import { writeJson } from '../files';

/** What the trial of each network's products found. */
export type TilingsFound = Record<string, TilingTrial>;

/** Tries the tilings as the first study on a device does, on each network's products. */
export async function probeTilings(path: string): Promise<void> {
  const device = await openDevice({ products: 'tiled' });
  const found: TilingsFound = {};
  for (const { name, spec, batch, side } of Object.values(casesFor(device.description.software))) {
    found[name] = await tryTilings(device, trainingProducts(spec.config, batch, [side, side]));
    await writeJson(path, found);
    console.log(`${name}: ${JSON.stringify(found[name].choice)}`);
  }
  device.check();
  device.dispose();
}
