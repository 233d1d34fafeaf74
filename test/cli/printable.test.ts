import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { printableWrite } from '../../src/cli/printable';
import { printable } from '../../src/lab/printable';
import { lethe } from '../support/lethe';

const folder = mkdtempSync(join(tmpdir(), 'lethe-printable-'));
afterAll(() => rmSync(folder, { recursive: true }));

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

test('printable: no control character is left of any text, and all others are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(CONTROL);
      expect(printableWrite(`a${text}z`)).not.toMatch(CONTROL);
      if (!CONTROL.test(text)) expect(printable(text).length).toBe(text.length);
    }),
  );
  expect(printable('\x1b]0;pwned\x07 é 漢\n\tα')).toBe('␛]0;pwned␇ é 漢\n\tα');
  expect(printable('\x9b2J\x7f\u202e')).toBe('�2J␡�');
});

test('printable: what redraws a line of progress passes, but only around the text', () => {
  const redrawn = '\r\x1b[K\x1b[?7l5 %\x1b[?7h';
  expect(printableWrite(redrawn)).toBe(redrawn);
  expect(printableWrite('\r\x1b[Klethe: x\x1b[2J\r\x1b[K.\n')).toBe('\r\x1b[Klethe: x␛[2J␍␛[K.\n');
});

test('command line: names in a result, a study, a path or an argument reach the terminal without escapes', async () => {
  const esc = fileURLToPath(new URL('../cases/faults/terminal-escape/esc.json', import.meta.url));
  for (const out of ['r.md', 'r.html'].map((name) => join(folder, name))) {
    expect(await lethe(['report', esc, '--out', out])).toMatchObject({ code: 0 });
    const text = readFileSync(out, 'utf8');
    expect(text).toContain('␛]0;pwned␇');
    expect(text).not.toMatch(CONTROL);
  }
  const orderings = await lethe(['orderings', esc]);
  const { study } = JSON.parse(readFileSync(esc, 'utf8'));
  const file = join(folder, 'esc.json');
  writeFileSync(
    file,
    JSON.stringify({ ...study, runs: [{ ...study.runs[0], strategy: 'del', unlearn: { '\x1b[2J': 1 } }] }),
  );
  const bad = await lethe(['plan', file]);
  const named = await lethe(['run', '\x1b[31mnothing.json', '--out', join(folder, 'x')]);
  const unknown = await lethe(['\x1b]0;x\x07']);
  for (const { code, stdout, stderr } of [orderings, bad, named, unknown]) {
    expect(code).not.toBe(1);
    expect(stdout + stderr).not.toMatch(CONTROL);
  }
  expect(bad.stderr).toContain('␛[2J');
  expect(named.stderr).toContain('␛[31mnothing.json');
});
