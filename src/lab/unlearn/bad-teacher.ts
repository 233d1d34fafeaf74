import { initialBuffers } from '../nn/initialise';
import type { Checkpoint } from '../tensors';
import type { Objective, TrainRequest } from '../train/trainer';
import { recipeSettings } from './recipe';
import type { UnlearnContext, Unlearner } from './unlearner';

export const badTeacher: Unlearner = {
  id: 'bad-teacher',
  label: 'Bad teacher',
  explanation:
    'Teaches the network to answer as before on the retained examples, and like a network that has never learned anything on the forget examples.',
  formula:
    'min mean over batch and classes of p_t·(log p_t − log p), softmax at temperature T; p_t of the original on R, of a fresh network on S',
  reference:
    'Chundawat et al. 2023, Can Bad Teaching Induce Forgetting? (arXiv 2205.08096); METHOD section 2',
  cites: ['chundawat2023'],
  settings: [
    ...recipeSettings({ epochs: 5, lr: 0.05, floor: 1 }, 'ours: the published code takes Adam'),
    {
      kind: 'number',
      name: 'temperature',
      label: 'T',
      help: 'Softens the answers of teachers and student before they are compared.',
      source: '1 (Chundawat et al.)',
      default: 1,
      min: 0.1,
      max: 100,
    },
  ],
  takesMask: true,
  replays: '"mixed"',
  seesForget: true,
  async run(context) {
    const { spec, settings, recipe, mask } = context;
    const temperature = settings.temperature as number;
    await context.train({
      objective: nearTeacher(temperature),
      recipe,
      scalars: () => ({ share: 1 / (temperature ** 2 * spec.config.classes) }),
      teacher: await bothTeachers(context),
      steps: (epoch) => context.batches(epoch, { over: 'mixed', batch: recipe.batch, dropLast: false }),
      trainable: mask,
    });
  },
};

/** The mean over batch and classes: the distillation loss without its T², over the number of classes. */
function nearTeacher(temperature: number): Objective {
  return ({ mixed }, { tf, logits, distillation }, { share }) =>
    tf.mul(distillation(logits(mixed!), mixed!.teacher!, temperature), share!);
}

/**
 * The original, and the fresh network for the forget examples. Neither ever changes: where the images do not either, their outputs are
 * computed once and gathered with each batch. Leaves the original in the live model.
 */
async function bothTeachers(context: UnlearnContext): Promise<NonNullable<TrainRequest['teacher']>> {
  const { spec, original, forget, labels } = context;
  // Given weights may come with the statistics of a training; a network that has learned nothing has none.
  const fresh: Checkpoint = { ...context.fresh(), ...initialBuffers(spec) };
  if (context.augments) return { weights: original, other: { weights: fresh, examples: forget } };
  const outputs = await context.outputs(Int32Array.from(labels.keys()));
  await context.load(fresh);
  const untaught = await context.outputs(forget);
  await context.load(original);
  const { classes } = spec.config;
  forget.forEach((example, i) => {
    outputs.set(untaught.subarray(i * classes, (i + 1) * classes), example * classes);
  });
  return { outputs };
}
