import { type Unit, unitsOf } from '../lab/session/units';
import { LetheError } from '../lab/settings';
import type { Command } from './command';
import { claimFolder, defaultFolder, inFolder, planOrRefuse, readStudy, studyOptions } from './study-folder';

export const plan: Command = {
  name: 'plan',
  summary: 'Lists a study as commands that many processes or machines can share.',
  positional: { usage: '<study.json | preset>', most: 1 },
  options: {
    ...studyOptions,
    step: { value: 'N', help: 'prints only the commands of step 1, 2 or 3, one a line' },
    json: { help: 'prints the parts as JSON: id, step, needs, runs, command' },
    program: { value: 'CMD', help: 'how the commands call Lethe; default: $LETHE, or npx lethe' },
  },
  notes: [
    'Step 1: originals and their scores, one command per seed. Step 2: oracles and runs. Step 3: joining the results.',
    'The commands of a step may run in any order and at the same time; each waits for no other of its step.',
    'Writes DIR/study.json, which the commands read: DIR must be a folder that all machines see.',
    'One by one, two at a time: lethe plan quickstart --step 1 | parallel -j2',
  ],
  async run(args, { stdout }) {
    const [name] = args.positional;
    if (!name) throw new LetheError('lethe plan needs a study file or the name of a preset.');
    const step = args.text('step');
    if (step !== undefined && !['1', '2', '3'].includes(step))
      throw new LetheError(`--step must be 1, 2 or 3, not "${step}".`);
    const folder = args.text('out') ?? defaultFolder(name);
    const planned = planOrRefuse(await readStudy(name, args.all('set')));
    const units = unitsOf(planned);
    await claimFolder(folder, planned);
    const commands = commandsFor(folder, args.text('program') ?? process.env.LETHE ?? 'npx lethe');
    if (args.has('json')) {
      const parts = units.map((unit) => {
        const { id, needs, runs } = unit;
        return { id, step: stepOf(unit), needs, runs, command: commands.run(unit) };
      });
      stdout(`${JSON.stringify({ study: inFolder.study(folder), parts, merge: commands.merge }, null, 2)}\n`);
      return;
    }
    const steps = [1, 2].map((at) => units.filter((unit) => stepOf(unit) === at).map(commands.run));
    const lists = [...steps, [commands.merge]];
    if (step !== undefined) stdout(`${lists[Number(step) - 1]!.join('\n')}\n`);
    else stdout(`${lists.map((list, at) => [HEADINGS[at], ...list].join('\n')).join('\n\n')}\n`);
  },
};

const HEADINGS = ['# 1. First, in any order', '# 2. Then, in any order', '# 3. At last'];

const stepOf = ({ needs }: Unit): number => (needs.length === 0 ? 1 : 2);

function commandsFor(folder: string, program: string) {
  const place = quoted(folder);
  return {
    run: ({ id }: Unit) => `${program} run --out ${place} --only ${id}`,
    merge: `${program} merge ${place} --out ${place}`,
  };
}

/** For a POSIX shell. */
function quoted(path: string): string {
  return /^[\w./+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
