import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-examples-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

test('Slurm example: runs every part once, each step after the one before', () => {
  const log = join(folder, 'log');
  // Fake programs: a `lethe` that plans two, three and one parts, and an `sbatch` that runs each array immediately.
  const lethe = script(
    'lethe',
    `for i in $(seq $(echo 2 3 1 0 | cut -d' ' -f$8)); do echo "echo $2 $4 step $8 part $i >> ${log}"; done`,
  );
  script(
    'sbatch',
    `first=$2; shift
case $first in --array=1-*) count=\${first#--array=1-};; esac
case $2 in --dependency=*) echo "$2" >> ${log}; shift;; esac
shift
for i in $(seq $count); do SLURM_ARRAY_TASK_ID=$i bash "$@"; done
echo 4$4`,
  );
  const env = { ...process.env, LETHE: lethe, PATH: `${folder}:${process.env.PATH}` };
  const said = execFileSync('bash', ['examples/slurm.sbatch', 'quickstart', 'out'], {
    env,
    encoding: 'utf8',
  });
  expect(said.match(/\d tasks/g)).toEqual(['2 tasks', '3 tasks', '1 tasks']);
  expect(readFileSync(log, 'utf8').trim().split('\n')).toEqual([
    'quickstart out step 1 part 1',
    'quickstart out step 1 part 2',
    '--dependency=afterok:41',
    'quickstart out step 2 part 1',
    'quickstart out step 2 part 2',
    'quickstart out step 2 part 3',
    '--dependency=afterok:42',
    'quickstart out step 3 part 1',
  ]);
});

/** Runs an example with this Lethe. @returns its exit code and what it said */
function example(name: string, lethe: string, more: NodeJS.ProcessEnv = {}, step: string[] = []) {
  const env = { ...process.env, LETHE: lethe, PATH: `${folder}:${process.env.PATH}`, ...more };
  const given = [`examples/${name}`, 'quickstart', join(folder, 'out'), ...step];
  const { status, stderr } = spawnSync('bash', given, { env, encoding: 'utf8' });
  return { status, stderr };
}

test.each([
  ['fails', 'echo "no such study" >&2; exit 2', 2, 'no such study\n'],
  ['fails amid its list', 'echo true; echo broken >&2; exit 1', 1, 'broken\n'],
  ['lists nothing', 'exit 0', 1, expect.stringMatching(/lists no commands for quickstart|has no task 1/)],
] as const)('examples: where lethe plan %s, no example succeeds', (what, text, status, stderr) => {
  const lethe = script(`bad-${what.replaceAll(' ', '-')}`, text);
  script('sbatch', 'echo 4; echo SUBMITTED >&2');
  expect(example('gnu-parallel.sh', lethe)).toEqual({ status, stderr });
  expect(example('slurm.sbatch', lethe)).toEqual({ status, stderr });
  // On a node, as a task.
  expect(example('slurm.sbatch', lethe, { SLURM_ARRAY_TASK_ID: '1' }, ['1'])).toEqual({ status, stderr });
});

test('examples: a task and a queue that fail fail the examples', () => {
  const lethe = script('two', '[ "$8" = 1 ] && echo "exit 7"; exit 0');
  expect(example('slurm.sbatch', lethe, { SLURM_ARRAY_TASK_ID: '1' }, ['1']).status).toBe(7);
  expect(example('slurm.sbatch', lethe, { SLURM_ARRAY_TASK_ID: '2' }, ['1']).status).toBe(1);
  expect(example('gnu-parallel.sh', lethe).status).not.toBe(0);
  script('sbatch', 'echo "sbatch: error: invalid partition" >&2; exit 1');
  expect(example('slurm.sbatch', lethe)).toEqual({
    status: 1,
    stderr: 'sbatch: error: invalid partition\n',
  });
});
