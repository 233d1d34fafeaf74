import { readTilings } from '../lab/train/kept-tilings';
import type { Command } from './command';
import { openDataHost } from './data-host';
import { adapters } from './device';
import { tilingLines } from './tilings';

export const devicesCommand: Command = {
  name: 'devices',
  summary: 'Lists the WebGPU adapters of this machine; the first is the one that is used.',
  options: {},
  async run(_, { stdout }) {
    const { cache } = openDataHost();
    for (const adapter of await adapters()) {
      const { vendor, architecture, device, description } = adapter;
      stdout(`${[description || device, vendor, architecture].filter(Boolean).join(' · ')}\n`);
      for (const line of tilingLines(await readTilings(cache, adapter))) stdout(`  ${line}\n`);
    }
  },
  notes: [
    'Below an adapter stand the tilings of matrix products that a trial found to be fastest there; lethe run --tilings says how to change them.',
  ],
};
