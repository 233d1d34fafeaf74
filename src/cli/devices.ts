import type { Command } from './command';
import { adapters } from './device';

export const devicesCommand: Command = {
  name: 'devices',
  summary: 'Lists the WebGPU adapters of this machine; the first is the one that is used.',
  options: {},
  async run(_, { stdout }) {
    for (const { vendor, architecture, device, description } of await adapters())
      stdout(`${[description || device, vendor, architecture].filter(Boolean).join(' · ')}\n`);
  },
};
