import { existsSync } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { hashOf } from '../lab/plan/hash';
import { joinParts } from '../lab/results/build-result';
import { openPart } from '../lab/results/open-result';
import { registries } from '../lab/session/all-registries';
import { LetheError } from '../lab/settings';
import { writeWhole } from '../lab/store/node';
import type { StudyPart } from '../lab/study/result';
import type { Command } from './command';
import { readBytes, readJson } from './inputs';
import { withLocalData } from './local-data';
import { claimFolder } from './own-folder';
import { watchLoading } from './progress';
import { clearProgress } from './progress-files';
import { filesOf, resultText } from './result-files';
import { inFolder, planOrRefuse } from './study-folder';

export const mergeCommand: Command = {
  name: 'merge',
  summary: 'Joins the parts of a study that were done by lethe run --only into one result.',
  positional: { usage: '<DIR…>', most: Number.POSITIVE_INFINITY },
  options: {
    out: { value: 'DIR', help: 'folder for the joined result; may be one of them', required: true },
  },
  notes: [
    'The result is the one of a single process, apart from dates and seconds.',
    'Where devices differ the result names all of them: their last bits may differ too.',
  ],
  async run(args, context) {
    const folders = args.positional;
    if (folders.length === 0) throw new LetheError('lethe merge needs the folders that hold the parts.');
    const parts = (await Promise.all(folders.map(readParts))).flat();
    if (parts.length === 0)
      throw new LetheError(
        `There are no parts of a study in ${folders.join(', ')}; lethe run --only makes them.`,
      );
    const { study } = parts[0]!.part;
    for (const { path, part } of parts)
      if (hashOf(part.study) !== hashOf(study))
        throw new LetheError(`${path} and ${parts[0]!.path} are parts of different studies.`);
    const plan = planOrRefuse(await withLocalData(study, '.', watchLoading(study.data.source, context)));
    const result = joinParts(
      plan,
      parts.map(({ part }) => part),
      registries,
    );
    const out = args.need('out');
    await claimFolder(out, plan);
    for (const { name } of filesOf(plan, result)) await bring(name, folders, out);
    await writeWhole(inFolder.result(out), resultText(result));
    await clearProgress(out);
    const labels = new Set(parts.map(({ part }) => part.device.label));
    if (labels.size > 1) context.stderr(`Made on ${labels.size} devices: ${[...labels].join(', ')}.\n`);
    context.stderr(`Done: ${out}\n`);
  },
};

/** The parts in a folder, sorted by name: file systems list files in any order. */
async function readParts(folder: string): Promise<{ path: string; part: StudyPart }[]> {
  if (!existsSync(folder)) throw new LetheError(`${folder} cannot be read: it does not exist.`);
  const place = inFolder.parts(folder);
  if (!existsSync(place)) return [];
  const names = (await readdir(place)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(place, name);
      const parsed = openPart(await readJson(path));
      if (parsed.ok) return { path, part: parsed.part };
      throw new LetheError(`${path}: ${parsed.problem}`);
    }),
  );
}

/** Copies a file of the study from the first folder that has it. */
async function bring(name: string, folders: string[], out: string): Promise<void> {
  const from = folders.find((folder) => existsSync(join(folder, name)));
  if (from === undefined)
    throw new LetheError(`The parts are all there, but ${name} lies in none of ${folders.join(', ')}.`);
  if ((await realpath(from)) !== (await realpath(out)))
    await writeWhole(join(out, name), await readBytes(join(from, name)));
}
