import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TILINGS } from '../../src/lab/gpu/conv/tilings';
import { ENTRIES, everyShader, LANES, MOST_PARAMETERS } from '../support/every-kernel';

const ROOM = 'src/lab/gpu';

const flags = ['true', 'false'];
const sides = ['s1', 's2', 's4', 's8', 'v4', 'v8'];
/** What may stand in a kernel's key for each expression. */
const VALUES: Record<string, readonly (string | number)[]> = {
  element: ['f32', 'vec4<f32>'],
  bias: flags,
  addend: flags,
  chunked: flags,
  entries: ENTRIES,
  relu: flags,
  residual: flags,
  direction: ['forward', 'input-gradient'],
  'wide ? 4 : 1': [4, 1],
  operands: ['f32', 'rounded'],
  't.id': TILINGS.map(({ id }) => id),
  't.operands': ['f32', 'f16', 'rounded'],
  lanes: LANES,
  'key(input)': sides,
  'key(output)': sides,
  parameters: Array.from({ length: MOST_PARAMETERS }, (_, i) => i + 1),
};

/** All keys that a template stands for. @throws Error for an expression whose values nobody has said */
function keysOf(template: string): string[] {
  const hole = /\$\{([^}]+)\}/.exec(template);
  if (!hole) return [template];
  const values = VALUES[hole[1]!];
  if (!values) throw new Error(`Say in this test which values ${hole[0]} may take in the key ${template}.`);
  return values.flatMap((value) => keysOf(template.replace(hole[0], String(value))));
}

const files = readdirSync(ROOM, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const written = files.map((name) => {
  const text = readFileSync(join(ROOM, name), 'utf8');
  return {
    name,
    keys: [...text.matchAll(/^ +key: (['`])(.+)\1,$/gm)].map(([, , key]) => key!),
    sources: text.match(/^ +source: \(\) =>(?! string;)/gm)?.length ?? 0,
  };
});

/** Without a ReLU the residual's gradient is the output's own, so no kernel computes it. */
const NEVER = /^batch-norm(:input-gradient|-whole:backward):.+:false:true$/;
/** These need subgroups, half precision, more buffers or more shared memory than every device has: without, others take their place. */
const DEMANDING =
  /subgroup|conv-tiled-.+(\/vs\b|:f16$)|conv-tiled-.+:128x128\/8x8\/k8\/vd|^sgd:.+:(3:(masked|scaled)|([4-9]|\d\d):\w+)$/;

const keys = written.flatMap(({ keys }) => keys.flatMap(keysOf)).filter((key) => !NEVER.test(key));
const labels = async (portable: boolean) => new Set((await everyShader(portable)).map(({ label }) => label));

test('the list of all shaders holds every kernel of the room in every variant, and only valid ones', async () => {
  for (const { name, keys, sources } of written) expect(keys.length, name).toBe(sources);
  expect(keys.length).toBeGreaterThan(150);
  const found = await labels(false);
  expect(keys.filter((key) => !found.has(key))).toEqual([]);
});

test('every kernel that needs no more is valid on a device with the lowest limits and no optional feature', async () => {
  const found = await labels(true);
  expect(keys.filter((key) => !found.has(key) && !DEMANDING.test(key))).toEqual([]);
  expect([...found].filter((label) => DEMANDING.test(label))).toEqual([]);
});
