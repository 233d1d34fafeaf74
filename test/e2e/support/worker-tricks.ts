import { readdirSync, readFileSync } from 'node:fs';
import { type AnyPage, inPage } from './any-page';

const CHANNEL = 'lethe-tests';

/** What may befall a worker, as the code that brings it about there. */
const TRICKS = {
  'device lost': `GPUDevice.prototype.createCommandEncoder = function () {
    this.destroy();
    throw new Error('The device is lost.');
  };`,
  'worker gone': 'self.close();',
};

/**
 * The built worker, with an ear for `befall`, to stand in for it on the server: over WebDriver BiDi Firefox runs no script of a test
 * in a worker.
 */
export function trickyWorker(): Record<string, string> {
  const name = readdirSync('dist/assets').find((file) => /^lab\.worker-.*\.js$/.test(file))!;
  const cases = Object.entries(TRICKS).map(([trick, code]) => `if (data === '${trick}') { ${code} }`);
  const ear = `new BroadcastChannel('${CHANNEL}').onmessage = ({ data }) => { ${cases.join(' ')} };`;
  return { [`assets/${name}`]: `${ear}\n${readFileSync(`dist/assets/${name}`, 'utf8')}` };
}

/** Lets something befall the page's workers that are there now; not those that come after them. */
export const befall = (page: AnyPage, trick: keyof typeof TRICKS): Promise<void> =>
  inPage(
    page,
    ({ channel, trick }) => {
      const caller = new BroadcastChannel(channel);
      caller.postMessage(trick);
      caller.close();
    },
    { channel: CHANNEL, trick },
  );
