import { fixed } from '../../../lab/format';
import type { Table } from '../../ui/DataTable';
import type { ComparedImage, Said } from '../compared/compared-images';
import type { Comparison } from '../compared/comparison';

const percent = (said: Said | undefined) => said && fixed(100 * said.confidence);

/** What both models, the original and the oracle say of images, a row each. @param most rows */
export function imagesTable(
  images: readonly ComparedImage[],
  { a, b }: Pick<Comparison, 'a' | 'b'>,
  classes: readonly string[],
  most?: number,
): Table {
  const models = [
    { name: `A ${a.label}`, of: (image: ComparedImage) => image.a },
    { name: `B ${b.label}`, of: (image: ComparedImage) => image.b },
    { name: 'original', of: (image: ComparedImage) => image.original },
    { name: 'oracle', of: (image: ComparedImage) => image.oracle },
  ];
  return {
    caption: 'What the models say of the images',
    columns: [
      { label: 'image' },
      { label: 'label', align: 'left' },
      ...models.flatMap(({ name }) => [
        { label: `${name} says`, align: 'left' } as const,
        { label: `${name}, confidence in the label, %` },
      ]),
    ],
    rows: images
      .slice(0, most)
      .map((image) => [
        image.index,
        classes[image.label],
        ...models.flatMap(({ of }) => [classes[of(image)?.says ?? -1], percent(of(image))]),
      ]),
    total: images.length,
  };
}
