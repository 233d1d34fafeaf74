import { LetheError } from '../lab/settings';
import type { Command } from './command';
import { writeOutput } from './common';
import { orderingsReport } from './orderings-report';
import { readResult } from './read-result';

export const orderingsCommand: Command = {
  name: 'orderings',
  summary: 'Says which of the paper’s five orderings results show, by how much and with which interval.',
  positional: { usage: '<DIR | result.json …>', most: Number.POSITIVE_INFINITY },
  options: { out: { value: 'FILE', help: 'Markdown file (.md); default: standard output', written: true } },
  notes: [
    'Made for results of the presets paper-orderings and paper-orderings-iid; what other results lack is undecided.',
  ],
  async run(args, { stdout, stderr }) {
    if (args.positional.length === 0) throw new LetheError('lethe orderings needs folders or result files.');
    const out = args.text('out');
    if (out !== undefined && !out.endsWith('.md'))
      throw new LetheError(`--out must end in .md, not "${out}".`);
    const text = orderingsReport(await Promise.all(args.positional.map(readResult)));
    if (out === undefined) {
      stdout(text);
      return;
    }
    await writeOutput(out, text);
    stderr(`Done: ${out}\n`);
  },
};
