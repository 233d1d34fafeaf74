import { readdirSync, readFileSync } from 'node:fs';
import { type AnyPage, inPage } from './any-page';

const CHANNEL = 'lethe-tests';

const EAR = `new BroadcastChannel('${CHANNEL}').onmessage = () => {
  GPUDevice.prototype.createCommandEncoder = function () {
    this.destroy();
    throw new Error('The device is lost.');
  };
};`;

/**
 * The built worker, with an ear for `loseDevice`, to stand in for it on the server: over WebDriver BiDi Firefox runs no script of a
 * test in a worker.
 */
export function fragileWorker(): Record<string, string> {
  const name = readdirSync('dist/assets').find((file) => /^lab\.worker-.*\.js$/.test(file))!;
  return { [`assets/${name}`]: `${EAR}\n${readFileSync(`dist/assets/${name}`, 'utf8')}` };
}

/** The workers that are there now lose their device with their next work; not those that come after them. */
export const loseDevice = (page: AnyPage): Promise<void> =>
  inPage(
    page,
    (channel) => {
      const caller = new BroadcastChannel(channel);
      caller.postMessage('');
      caller.close();
    },
    CHANNEL,
  );
