import { existsSync, statSync } from 'node:fs';
import { LetheError } from '../lab/settings';
import { parseResult } from '../lab/study/parse-result';
import type { StudyResult } from '../lab/study/result';
import type { Command } from './command';
import { writeOutput } from './common';
import { readJson } from './inputs';
import { htmlReport } from './report/html';
import { markdownReport } from './report/markdown';
import { inFolder } from './study-folder';

export const report: Command = {
  name: 'report',
  summary: 'Writes results as tables in the style of the paper: strategy × method, mean ± interval.',
  positional: { usage: '<DIR | result.json …>', most: Number.POSITIVE_INFINITY },
  options: { out: { value: 'FILE', help: 'a page (.html) or Markdown (.md)', required: true } },
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

async function readResult(place: string): Promise<StudyResult> {
  const isFolder = existsSync(place) && statSync(place).isDirectory();
  const path = isFolder ? inFolder.result(place) : place;
  const parsed = parseResult(await readJson(path));
  // A table with rows left out would pass for the whole.
  if (!parsed.ok) throw new LetheError(`${path}: ${parsed.problem}`);
  if (parsed.problems[0]) throw new LetheError(`${path}: ${parsed.problems[0]}`);
  return parsed.result;
}
