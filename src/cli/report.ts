import { LetheError } from '../lab/settings';
import type { Command } from './command';
import { writeOutput } from './common';
import { readResult } from './read-result';
import { htmlReport } from './report/html';
import { markdownReport } from './report/markdown';

export const reportCommand: Command = {
  name: 'report',
  summary: 'Writes results as tables in the style of the paper: strategy × method, mean ± interval.',
  positional: { usage: '<DIR | result.json …>', most: Number.POSITIVE_INFINITY },
  options: {
    out: { value: 'FILE', help: 'a page (.html) or Markdown (.md)', required: true, written: true },
  },
  async run(args, { stderr }) {
    if (args.positional.length === 0) throw new LetheError('lethe report needs folders or result files.');
    const out = args.need('out');
    const render = out.endsWith('.html') ? htmlReport : out.endsWith('.md') ? markdownReport : undefined;
    if (!render) throw new LetheError(`--out must end in .html or .md, not "${out}".`);
    const results = await Promise.all(args.positional.map(readResult));
    await writeOutput(out, render(results));
    stderr(`Done: ${out}\n`);
  },
};
