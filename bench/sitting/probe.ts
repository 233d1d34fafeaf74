/**
 * What a sitting does in processes of its own: `probe.mjs <what> [arguments]`. Everything is loaded late, since the device must be provided
 * before TF.js is.
 */
import '../setup';
import { pathToFileURL } from 'node:url';

const probes: Record<string, (...args: string[]) => Promise<void>> = {
  adapter: async () => (await import('./probes/device')).probeAdapter(),
  device: async (path) => (await import('./probes/device')).probeDevice(path!),
  network: async (name, path) => (await import('./probes/network')).probeNetwork(name!, path!),
  tilings: async (path) => (await import('./probes/tilings')).probeTilings(path!),
  agreement: async (...folders) => (await import('./probes/agreement')).probeAgreement(folders),
  page: async (root, seconds, path) =>
    (await import('./probes/page')).probePage(root!, Number(seconds), path!),
};

if (import.meta.url === pathToFileURL(process.argv[1]!).href) {
  const [what = '', ...args] = process.argv.slice(2);
  await probes[what]!(...args);
  // Dawn's threads would keep the process alive.
  process.exit(0);
}
