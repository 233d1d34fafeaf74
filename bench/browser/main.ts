import { openDevice } from '../../src/lab/gpu/device';
import type { DeviceDescription } from '../../src/lab/study/result';
import { casesFor } from '../cases';
import { type Measured, runCase } from '../run-case';

declare global {
  interface Window {
    /** Measures one case in this page; called by `chromium.bench.ts`. */
    bench(name: 'resnet8', batch: number): Promise<{ adapter: DeviceDescription; result: Measured }>;
  }
}

window.bench = async (name, batch) => {
  const device = await openDevice();
  const adapter = device.description;
  const result = await runCase({ ...casesFor(adapter.software)[name], batch }, device);
  device.check();
  device.dispose();
  return { adapter, result };
};
