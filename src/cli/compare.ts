import { createHash } from 'node:crypto';
import { comparisons } from '../lab/compare';
import { COMPARED_SETS, type Comparison, type Json } from '../lab/compare/comparison';
import { openComparison } from '../lab/compare/open-comparison';
import type { Dataset } from '../lab/data/dataset';
import { LetheError, type Settings } from '../lab/settings';
import { parseAssignment } from '../lab/study/set';
import { type Command, settingNotes } from './command';
import { readingOptions, sharedOptions, withDevice, writeOutput } from './common';
import { openRanges } from './file-ranges';
import {
  loadData,
  loadNetwork,
  loadSets,
  normalisedData,
  numberingOf,
  readNumber,
  readSettings,
} from './inputs';
import { loadSecondWeights } from './second-weights';

const further = comparisons.entries.filter(({ always }) => !always);

export const compareCommand: Command = {
  name: 'compare',
  summary: 'Compares two models side by side: predictions, layers, and more on demand (METHOD section 5.1).',
  positional: { usage: 'A B', most: 2 },
  options: {
    model: sharedOptions.model,
    data: sharedOptions.data,
    forget: sharedOptions.forget,
    retain: sharedOptions.retain,
    ...readingOptions,
    examples: {
      value: 'N',
      help: 'at most so many images of each set, in comparisons with a setting of that name; default 256',
    },
    with: {
      value: 'LIST',
      help: `further comparisons, separated by commas, or all: ${further.map(({ id }) => id).join(', ')}`,
    },
    set: { value: 'ID.NAME=VALUE', help: 'a setting of a comparison', multiple: true },
    seed: sharedOptions.seed,
    out: { value: 'FILE', help: 'where the comparison goes, as JSON', required: true, written: true },
    verbose: sharedOptions.verbose,
  },
  notes: [
    'A and B are weights of the network; A is the reference (give the oracle first where there is one).',
    'Retained and test images are samples where there are many; how many were looked at stands in "sets", how many there are in "setSizes".',
    'Settings, with their defaults:',
    ...settingNotes(comparisons.entries),
  ],
  async run(args, context) {
    const [pathA, pathB] = args.positional;
    if (pathA === undefined || pathB === undefined)
      throw new LetheError('lethe compare needs two files of weights, A and B; see lethe compare --help.');
    const chosen = chosenComparisons(args.text('with'));
    const settings = settingsOf(args.all('set'), args.text('examples'), chosen);
    const seed = readNumber('seed', args.text('seed') ?? '0', 'whole');

    const stored = await loadData(args, context);
    const sets = await loadSets(args.need('forget'), args.text('retain'), numberingOf(stored, args), context);
    checkNeeds(chosen, stored, sets);
    const listener = { ...context, verbose: args.has('verbose') };
    const hashes = { a: await hashOfFile(pathA), b: await hashOfFile(pathB) };
    const network = await loadNetwork(args.need('model'), stored, pathA, listener);
    const data = normalisedData(stored, args, network.normalise, listener);
    const weights = {
      a: network.weights,
      b: await loadSecondWeights(pathB, network, data, args, listener),
    };

    const said: string[] = [];
    const told = await withDevice(network.spec, data, context, async ({ model, control }) => {
      const open = openComparison({ model, dataset: data, ...weights, ...sets, seed, control });
      let fields: Record<string, Json> = {};
      for (const comparison of chosen) {
        const outcome = await open.compare(comparison, settings.get(comparison.id)!);
        fields = { ...fields, ...comparison.tell(outcome) };
        said.push(comparison.say(outcome));
      }
      return fields;
    });
    const files = {
      a: { file: pathA, sha256: hashes.a },
      b: { file: pathB, sha256: hashes.b },
    };
    await writeOutput(args.need('out'), `${JSON.stringify({ lethe: 1, ...files, ...told }, null, 2)}\n`);
    for (const sentence of said) context.stderr(`${sentence}\n`);
  },
};

/** Those of every file, and those of `--with`, in the order of the registry. @throws LetheError for one that is not known. */
function chosenComparisons(list: string | undefined): Comparison[] {
  const asked = list === 'all' ? further.map(({ id }) => id) : (list?.split(/[\s,]+/).filter(Boolean) ?? []);
  const ids = new Set(asked.map((id) => comparisons.get(id).id));
  return comparisons.entries.filter(({ id, always }) => always || ids.has(id));
}

/** `--set ID.NAME=VALUE` and `--examples`, by comparison. @throws LetheError for the first that does not fit. */
function settingsOf(
  assignments: string[],
  examples: string | undefined,
  chosen: Comparison[],
): Map<string, Settings> {
  const given = new Map<string, string[]>(chosen.map(({ id }) => [id, []]));
  for (const assignment of assignments) {
    const { name } = parseAssignment(assignment);
    const [id] = name.split('.', 1) as [string];
    if (id === name)
      throw new LetheError(
        `--set of compare names the comparison and its setting, as in embedding.map=umap, not "${assignment}".`,
      );
    const own = given.get(comparisons.get(id).id);
    if (!own)
      throw new LetheError(`--set ${assignment} is for ${id}, which is not asked for: add --with ${id}.`);
    own.push(assignment.slice(id.length + 1));
  }
  if (examples !== undefined) {
    readNumber('examples', examples, 'whole');
    // What is said of a comparison by itself counts there.
    for (const { id, settings } of chosen)
      if (settings.some(({ name }) => name === 'examples')) given.get(id)!.unshift(`examples=${examples}`);
  }
  return new Map(chosen.map(({ id, settings }) => [id, readSettings(settings, given.get(id)!)]));
}

/** @throws LetheError naming a comparison and the images that it lacks. */
function checkNeeds(
  chosen: Comparison[],
  { test }: Dataset,
  { forget, retain }: { forget: Int32Array; retain: Int32Array },
): void {
  const sizes = { forget: forget.length, retain: retain.length, test: test.count };
  for (const { id, needs } of chosen)
    for (const set of COMPARED_SETS)
      if (needs.includes(set) && sizes[set] === 0)
        throw new LetheError(`${id} needs ${set} images, of which there are none: leave it out of --with.`);
}

/** Read at once while hashing. */
const CHUNK_BYTES = 2 ** 24;

/** SHA-256 in hexadecimal. @throws LetheError when the file cannot be read. */
async function hashOfFile(path: string): Promise<string> {
  const ranges = await openRanges(path);
  const hash = createHash('sha256');
  for (let from = 0; from < ranges.byteLength; from += CHUNK_BYTES)
    hash.update(new Uint8Array(await ranges.slice(from, Math.min(ranges.byteLength, from + CHUNK_BYTES))));
  return hash.digest('hex');
}
