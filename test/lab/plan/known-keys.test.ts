import { expect, test } from 'vitest';
import { hashOf } from '../../../src/lab/plan/hash';
import { planStudy } from '../../../src/lab/plan/plan-study';
import { registries } from '../../../src/lab/session/all-registries';
import { getPreset, presets } from '../../../src/lab/study/presets';
import type { Study } from '../../../src/lab/study/study';
import { oneRunEach } from '../../support/one-run-each';

/** Keys of a study's stages. Evaluations and comparisons are left out: a new one changes theirs, and measuring again takes seconds. */
function keysOf(study: Study): [string, string][] {
  return planStudy(study, registries).stages.flatMap(({ stage, key }) =>
    stage === 'evaluate' || stage === 'compare' ? [] : [[stage, key]],
  );
}

// Whoever has a cache would train everything again if these changed: see docs/decisions/0005-artifact-keys.md.
test('stage keys: those of the smallest preset are those of version 0.1.0', () => {
  expect(keysOf(getPreset('micro').study)).toEqual([
    ['data', 'fc0b36d721a9f5aa73c5ee9793824b6be6193b0d'],
    ['pretrain', '61d8f9b71f2fd06048f52a003444cd4d99071e54'],
    ['score', 'bf5abf147fb9968be54dbde8c5f22b37230256d5'],
    ['mask', 'da7e505a472902f76b3a986e199c9414698733c4'],
    ['oracle', '2363c10f84f731297e03eaf9907ae6e566a76dec'],
    ['unlearn', 'b31b9d6c2caba33ab8821448edd34379dc1daec6'],
  ]);
});

test('stage keys: those of presets with every kind of stage are those of version 0.1.0', () => {
  // Those of the demo had one seed then, and nothing tuned.
  const then = (study: Study) => (study.runs.some(({ select }) => select) ? oneRunEach(study) : study);
  const digests = presets.flatMap(({ id, study }) =>
    ['quickstart', 'memorized', 'attack', 'svhn-vit-iid'].includes(id)
      ? [[id, hashOf(keysOf(then(study)))]]
      : [],
  );
  expect(Object.fromEntries(digests)).toEqual({
    quickstart: 'd06f7435606f3e2bd97781ecaa0c6b9c2f6ca0ef',
    memorized: '9c8ed3b8597cac13b2289a810619235284f7d2de',
    attack: '751f2d08ee9d5e1a4cbd064661c796af35bead5b',
    'svhn-vit-iid': '21232b51db84877bd07f29c9e64246f23b4b5e36',
  });
});
