import { expect, test } from 'vitest';
import { settingProblem } from '../../../src/lab/settings';
import { unlearners } from '../../../src/lab/unlearn';

test('every method with settings proposes values to tune over, its rate among them', () => {
  for (const { id, settings } of unlearners.entries) {
    const grids = settings.flatMap((setting) => (setting.kind === 'number' && setting.grid ? [setting] : []));
    if (settings.length > 0) expect(grids, id).not.toHaveLength(0);
    if (settings.some(({ name }) => name === 'lr'))
      expect(
        grids.map(({ name }) => name),
        id,
      ).toContain('lr');
    for (const setting of grids) {
      const { values } = setting.grid!;
      expect(values, `${id} ${setting.name}`).toContain(setting.default);
      expect(values, `${id} ${setting.name}`).toEqual([...new Set(values)].sort((a, b) => a - b));
      expect(values.flatMap((value) => settingProblem(setting, value) ?? [])).toEqual([]);
    }
  }
});
