import { listText } from '../lab/format';
import { REPORT_FORMATS, type ReportFormat } from '../lab/results/report/formats';
import { LetheError } from '../lab/settings';
import type { Command } from './command';
import { writeOutput } from './common';
import { readResult } from './read-result';

const IDS = REPORT_FORMATS.map(({ id }) => id).join(', ');
const ENDINGS = listText([...new Set(REPORT_FORMATS.map(({ extension }) => extension))], 'or');

export const reportCommand: Command = {
  name: 'report',
  summary: 'Writes results as tables in the style of the paper: strategy × method, mean ± interval.',
  positional: { usage: '<DIR | result.json …>', most: Number.POSITIVE_INFINITY },
  options: {
    out: {
      value: 'FILE',
      help: `its ending says the format: ${ENDINGS}`,
      required: true,
      written: true,
    },
    format: { value: 'ID', help: `${IDS}; default: by the ending of FILE` },
    site: {
      value: 'URL',
      help: 'address of a page of Lethe, for links that open the study there; default: their own part alone',
    },
  },
  notes: REPORT_FORMATS.map(({ id, explanation }) => `  ${id}: ${explanation}`),
  async run(args, { stderr }) {
    if (args.positional.length === 0) throw new LetheError('lethe report needs folders or result files.');
    const out = args.need('out');
    const format = formatOf(args.text('format'), out);
    const results = await Promise.all(args.positional.map(readResult));
    await writeOutput(out, format.render(results, { site: args.text('site') }));
    stderr(`Done: ${out}\n`);
  },
};

/** @throws LetheError where neither names one. */
function formatOf(id: string | undefined, out: string): ReportFormat {
  const ofEnding = REPORT_FORMATS.find(({ extension }) => out.toLowerCase().endsWith(extension));
  const format = id === undefined ? ofEnding : REPORT_FORMATS.find((each) => each.id === id);
  if (format && ofEnding && ofEnding.extension !== format.extension)
    throw new LetheError(`--format ${id} does not go with "${out}", which ends like ${ofEnding.id}.`);
  if (format) return format;
  throw new LetheError(
    id === undefined
      ? `--out must end in ${ENDINGS}, not "${out}", or --format must say what it is.`
      : `There is no format "${id}"; known are: ${IDS}.`,
  );
}
