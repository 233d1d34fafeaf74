import { presets as known } from '../lab/study/presets';
import type { Command } from './command';

export const presetsCommand: Command = {
  name: 'presets',
  summary: 'Lists the ready studies.',
  options: {},
  async run(_, { stdout }) {
    const listed = known.filter(({ hidden }) => !hidden);
    const width = Math.max(...listed.map(({ id }) => id.length)) + 2;
    for (const { id, label, explanation } of listed)
      stdout(`${id.padEnd(width)}${label}\n${' '.repeat(width)}${explanation}\n`);
  },
};
