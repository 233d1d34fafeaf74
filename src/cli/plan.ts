import { dirname } from 'node:path';
import { type Part, partsOf } from '../lab/plan/parts';
import { registries } from '../lab/session/all-registries';
import { LetheError } from '../lab/settings';
import { keepWeights } from '../lab/stages/common/given-weights';
import { fileStore } from '../lab/store/node';
import type { Command } from './command';
import { readNumber } from './inputs';
import { claimFolder } from './own-folder';
import { shellQuoted } from './quoted';
import { checkInputsStay } from './result-files';
import { assignmentsOf, defaultFolder, inFolder, openStudy, studyOptions } from './study-folder';

export const planCommand: Command = {
  name: 'plan',
  summary: 'Lists a study as commands that many processes or machines can share.',
  positional: { usage: '<study.json | preset>', most: 1 },
  options: {
    ...studyOptions,
    step: { value: 'N', help: 'prints only the commands of this step, one a line; none behind the last' },
    json: { help: 'prints the parts as JSON: id, step, needs, runs, command' },
    program: { value: 'CMD', help: 'how the commands call Lethe; default: $LETHE, or npx lethe' },
  },
  notes: [
    'First originals and their scores, one command per seed (before them the subset models, where the forget set is chosen by',
    'memorization); then oracles and runs, then comparisons of the models; at last joining the results.',
    'The commands of a step may run in any order and at the same time.',
    'Writes DIR/study.json, which the commands read: DIR must be a folder that all machines see.',
    'One by one, two at a time: lethe plan quickstart --step 1 | parallel -j2',
  ],
  async run(args, context) {
    const [name] = args.positional;
    if (!name) throw new LetheError('lethe plan needs a study file or the name of a preset.');
    const step = args.text('step');
    const wanted = step === undefined ? undefined : readNumber('step', step, 'whole');
    if (wanted === 0) throw new LetheError('--step counts from 1.');
    if (wanted && args.has('json'))
      throw new LetheError(
        '--json is about all steps and says which each part belongs to: leave --step out.',
      );
    const folder = args.text('out') ?? defaultFolder(name);
    const { plan: planned, weights } = await openStudy(name, assignmentsOf(args), context);
    await checkInputsStay(planned, dirname(name), folder);
    const parts = partsOf(planned, registries);
    await claimFolder(folder, planned);
    await keepWeights(fileStore(inFolder.artifacts(folder)), weights);
    const commands = commandsFor(folder, args.text('program') ?? process.env.LETHE ?? 'npx lethe');
    if (args.has('json')) {
      const listed = parts.map((part) => {
        const { id, needs, runs } = part;
        return { id, step: stepOf(part, parts), needs, runs, command: commands.run(part) };
      });
      context.stdout(
        `${JSON.stringify({ study: inFolder.study(folder), parts: listed, merge: commands.merge }, null, 2)}\n`,
      );
      return;
    }
    const steps = Array.from({ length: Math.max(...parts.map((part) => stepOf(part, parts))) }, (_, at) =>
      parts.filter((part) => stepOf(part, parts) === at + 1).map(commands.run),
    );
    const lists = [...steps, [commands.merge]];
    if (wanted === undefined)
      context.stdout(`${lists.map((list, at) => [`# Step ${at + 1}`, ...list].join('\n')).join('\n\n')}\n`);
    else for (const command of lists[wanted - 1] ?? []) context.stdout(`${command}\n`);
  },
};

/** The step in which a part can run: one after the last of those that it needs. */
function stepOf({ needs }: Part, parts: Part[]): number {
  const before = parts.filter(({ id }) => needs.includes(id));
  return 1 + Math.max(0, ...before.map((part) => stepOf(part, parts)));
}

function commandsFor(folder: string, program: string) {
  const place = shellQuoted(folder);
  return {
    run: ({ id }: Part) => `${program} run --out ${place} --only ${id}`,
    merge: `${program} merge ${place} --out ${place}`,
  };
}
