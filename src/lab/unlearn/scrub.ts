import type { Settings } from '../settings';
import { cosineRate } from '../train/schedule';
import type { Objective } from '../train/trainer';
import { recipeSettings } from './recipe';
import type { Unlearner } from './unlearner';

export const scrub: Unlearner = {
  id: 'scrub',
  label: 'SCRUB',
  explanation:
    'Drives the network away from its old self on the forget examples, then keeps it close to its old self on the retained ones.',
  formula: 'S: max KL(p_old ‖ p); R: min a·KL(p_old ‖ p) + g·CE; both p at temperature T, KL times T²',
  reference: 'Kurmanji et al. 2023 (SCRUB); METHOD section 2',
  cites: ['kurmanji2023'],
  settings: [
    ...recipeSettings({ epochs: 5, lr: 0.005, floor: 1 }),
    {
      kind: 'number',
      name: 'msteps',
      label: 'Epochs of both passes',
      help: 'In how many of the first epochs a pass over the forget examples comes before the one over the retained.',
      default: 2,
      min: 0,
      max: 1000,
      integer: true,
    },
    {
      kind: 'number',
      name: 'temperature',
      label: 'T',
      help: 'Softens both distributions before they are compared.',
      source: '2–4',
      default: 4,
      min: 0.1,
      max: 100,
    },
    {
      kind: 'number',
      name: 'klWeight',
      label: 'a',
      help: 'Weight of staying close to the old network on retained examples.',
      source: '0.001–0.5',
      default: 0.5,
      min: 0,
      max: 10,
    },
    {
      kind: 'number',
      name: 'ceWeight',
      label: 'g',
      help: 'Weight of the cross-entropy on retained examples.',
      source: '0.99–1',
      default: 0.99,
      min: 0,
      max: 10,
    },
    {
      kind: 'number',
      name: 'decayEvery',
      label: 'Epochs between steps of the rate',
      help: 'The learning rate falls by a step every so many epochs; 0 keeps it constant.',
      source: 'constant or step (METHOD section 2)',
      default: 0,
      min: 0,
      max: 1000,
      integer: true,
    },
    {
      kind: 'number',
      name: 'decay',
      label: 'Step of the rate',
      help: 'What the learning rate is multiplied by at each step.',
      source: '0.1 (Kurmanji et al.)',
      default: 0.1,
      min: 0,
      max: 1,
    },
  ],
  takesMask: true,
  replays: '"retain" with "forget" beside it',
  async run(context) {
    const { settings, recipe, labels, original } = context;
    const msteps = settings.msteps as number;
    // The teacher never changes. Where the images do not either, its outputs are computed once and gathered with each batch.
    const teacher = context.augments
      ? { weights: original }
      : { outputs: await context.outputs(Int32Array.from(labels.keys())) };
    await context.train({
      objective: scrubObjective(settings.temperature as number),
      recipe,
      schedule: (epoch) => cosineRate(recipe, epoch) * stepsOf(settings, epoch),
      scalars: () => ({ kl: settings.klWeight as number, ce: settings.ceWeight as number }),
      teacher,
      steps: (epoch) => [
        ...(epoch < msteps
          ? context.batches(epoch, { over: 'forget', batch: recipe.batch, dropLast: true })
          : []),
        ...context.batches(epoch, { over: 'retain', batch: recipe.batch, dropLast: true }),
      ],
      trainable: context.mask,
    });
  },
};

/** The factor by which the steps before an epoch have lowered the learning rate. */
function stepsOf({ decayEvery, decay }: Settings, epoch: number): number {
  return decayEvery === 0 ? 1 : (decay as number) ** Math.floor(epoch / (decayEvery as number));
}

/** −KL on a forget batch, a·KL + g·CE on a retain batch. */
function scrubObjective(temperature: number): Objective {
  return ({ forget, retain }, { tf, logits, distillation, crossEntropy }, { kl, ce }) => {
    if (forget) return tf.neg(distillation(logits(forget), forget.teacher!, temperature));
    const student = logits(retain!);
    return tf.add(
      tf.mul(distillation(student, retain!.teacher!, temperature), kl!),
      tf.mul(crossEntropy(student, retain!.labels), ce!),
    );
  };
}
