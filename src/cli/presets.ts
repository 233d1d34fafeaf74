import { presets as known } from '../lab/study/presets';
import type { Command } from './command';

export const presets: Command = {
  name: 'presets',
  summary: 'Lists the ready studies.',
  options: {},
  async run(_, { stdout }) {
    for (const { id, label, explanation, hidden } of known)
      if (!hidden) stdout(`${id.padEnd(16)}${label}\n${' '.repeat(16)}${explanation}\n`);
  },
};
