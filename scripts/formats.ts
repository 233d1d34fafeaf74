import { fileFormats } from '../src/lab/data/formats';
import type { FileFormat } from '../src/lab/data/formats/format';
import { refusedFormats } from '../src/lab/data/formats/refused';
import { indexListFormats } from '../src/lab/forget/index-lists';
import { checkpointFormats } from '../src/lab/nn/checkpoints';
import { table } from './methods';

/** What stands between these marks in docs/data.md is generated, one pair for each table. */
const marks = (name: string) => [`<!-- begin of ${name} -->`, `<!-- end of ${name} -->`] as const;

/** docs/data.md with the tables of the formats that data sets, checkpoints and lists of images can come in; what stands around them is written by hand. */
export function dataPage(page: string): string {
  return [
    ['data formats', dataTable()],
    ['refused formats', refusedTable()],
    ['checkpoint formats', checkpointTable()],
    ['list formats', listTable()],
  ].reduce((text, [name, content]) => between(text, name!, content!), page);
}

function between(page: string, name: string, content: string): string {
  const [begin, end] = marks(name);
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`docs/data.md lacks ${begin} or ${end}.`);
  return [before, begin, '\n\n', content, '\n\n', end, after].join('');
}

function dataTable(): string {
  return table(
    ['what', 'file names', 'how it is read', 'files that make one data set'],
    fileFormats.entries.map((format) => [
      format.label,
      endings(format.extensions),
      format.explanation,
      togetherText(format),
    ]),
  );
}

function togetherText(format: FileFormat): string {
  if (format.kind === 'archive') return 'what is inside';
  return { one: 'one', several: 'one or several', folder: 'a folder' }[format.files];
}

function refusedTable(): string {
  return table(
    ['what', 'what Lethe says'],
    refusedFormats.map(({ label, advice }) => [label, advice]),
  );
}

function checkpointTable(): string {
  return table(
    ['what', 'file names', 'how it is read'],
    checkpointFormats.entries.map(({ label, extensions, explanation }) => [
      label,
      endings(extensions),
      explanation,
    ]),
  );
}

function listTable(): string {
  return table(
    ['what', 'file names', 'how it is read'],
    indexListFormats.entries.map(({ label, extensions, explanation }) => [
      label,
      endings(extensions),
      explanation,
    ]),
  );
}

const endings = (extensions: string[]) => extensions.map((ending) => `\`${ending}\``).join(', ');
