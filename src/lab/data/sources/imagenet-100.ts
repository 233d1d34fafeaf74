import { hubSource } from './hub-source';
import type { HubFile } from './hub-spec';

/** In the order of the labels: the subset of 100 classes that Tian et al. drew (Contrastive Multiview Coding, 2020). */
const CLASSES =
  `bonnet, green mamba, langur, Doberman, gyromitra, Saluki, vacuum, window screen, cocktail shaker, garden spider,
garter snake, carbonara, pineapple, computer keyboard, tripod, komondor, American lobster, bannister, honeycomb, tile roof,
papillon, boathouse, stinkhorn, jean, Chihuahua, Chesapeake Bay retriever, robin, tub, Great Dane, rotisserie,
bottlecap, throne, little blue heron, rock crab, Rottweiler, lorikeet, Gila monster, head cabbage, car wheel, coyote,
moped, milk can, mixing bowl, toy terrier, chocolate sauce, rocking chair, wing, park bench, ambulance, football helmet,
leafhopper, cauliflower, pirate, purse, hare, lampshade, fiddler crab, standard poodle, Shih-Tzu, pedestal,
gibbon, safety pin, English foxhound, chime, American Staffordshire terrier, bassinet, wild boar, theater curtain, dung beetle, hognose snake,
Mexican hairless, mortarboard, Walker hound, red fox, modem, slide rule, walking stick, cinema, meerkat, kuvasz,
obelisk, harmonica, sarong, mousetrap, hard disc, American coot, reel, pickup, iron, tabby,
ski mask, vizsla, laptop, stretcher, Dutch oven, African hunting dog, boxer, gasmask, goose, borzoi`.split(
    /,\s+/,
  );

const TRAIN_FILES = 17;

const file = (split: HubFile['split'], name: string, number: number, of: number): HubFile => {
  const digits = (value: number) => String(value).padStart(5, '0');
  // Between 430 and 520 MB each.
  return { path: `data/${name}-${digits(number)}-of-${digits(of)}.parquet`, split, bytes: 480_000_000 };
};

/**
 * Stored with 160 pixels on the shorter side, the central square: testing sees its middle 128, training random crops of it (METHOD
 * section 3; there the crops are of the whole photograph).
 */
export const imagenet100 = hubSource({
  id: 'imagenet-100',
  label: 'ImageNet-100',
  explanation:
    'Photographs of a hundred kinds of things, 126,689 to train on and 5,000 to test on; files of about 480 MB, as many as hold the images that a study takes, are downloaded when it first uses them.',
  reference: 'Deng et al. 2009 (ImageNet); subset of Tian, Krishnan and Isola 2020 (arXiv 1906.05849).',
  settings: [],
  classes: CLASSES,
  shape: [160, 160, 3],
  available: { train: 126_689, test: 5_000 },
  normalise: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  augment: { size: 128, crop: { scale: [0.08, 1], ratio: [3 / 4, 4 / 3] }, flip: true },
  repository: 'clane9/imagenet-100',
  revision: '0519dc2f402a3a18c6e57f7913db059215eee25b',
  files: [
    ...Array.from({ length: TRAIN_FILES }, (_, number) => file('train', 'train', number, TRAIN_FILES)),
    file('test', 'validation', 0, 1),
  ],
  resized: true,
  // The command line's JPEG decoder used to spread halved chroma unlike PyTorch's.
  reading: 2,
});
