import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textColorOn } from '../../../../src/app/panels/mask-overlap/overlap-grid';

test('textColorOn has a contrast of at least 4.5 to 1 on every colour', () => {
  const part = fc.nat(255);
  const linear = (value: number) =>
    value <= 10.31 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  fc.assert(
    fc.property(part, part, part, (r, g, b) => {
      const luminance = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
      const text = textColorOn(`rgb(${r}, ${g}, ${b})`) === 'black' ? 0 : 1;
      const [low, high] = [Math.min(luminance, text), Math.max(luminance, text)];
      expect((high + 0.05) / (low + 0.05)).toBeGreaterThan(4.5);
    }),
  );
});
