import { expect, test } from 'vitest';
import { share } from '../../../src/app/ui/format';
import { toCsv } from '../../../src/lab/csv';
import { fixed, signed } from '../../../src/lab/format';

test('toCsv quotes what needs it and disarms formulas', () => {
  expect(
    toCsv(
      ['a', 'b,c'],
      [
        ['say "hi"', 1.5],
        ['=1+1', Number.NaN],
        [undefined, -2],
        ['-44.5', '−1.2e−5'],
        ['+0.6', '–'],
        ['-x', '−3 points'],
      ],
    ),
  ).toBe('a,"b,c"\r\n"say ""hi""",1.5\r\n\'=1+1,\r\n,-2\r\n-44.5,-1.2e-5\r\n0.6,\r\n\'-x,−3 points');
});

test('toCsv disarms formulas behind blanks, line ends and in full width too', () => {
  const blanks = ['\r=1+1', '\t=1', '\n=1', ' =1', '\u00a0+x', '\ufeff=1', '\rx', ' \r\n@x'];
  for (const name of [...blanks, '＝1', '＋1', '－x', '＠x'])
    expect(toCsv([name], []), JSON.stringify(name)).toMatch(/^"?'/);
  for (const name of ['DEL', 'α 0.3', '−3 points', 'a=b', 'x\r=1', '(=1)'])
    expect(toCsv([name], []), name).not.toMatch(/^"?'/);
});

test('printed numbers have true minus signs, and no sign where they round to zero', () => {
  expect([fixed(-10.94), fixed(-0.01), fixed(undefined)]).toEqual(['−10.9', '0.0', '–']);
  expect([signed(0.62), signed(-3), signed(0.01)]).toEqual(['+0.6', '−3.0', '0.0']);
  expect([share(0.1), share(0.062), share(0)]).toEqual(['10 %', '6.2 %', '0 %']);
});
