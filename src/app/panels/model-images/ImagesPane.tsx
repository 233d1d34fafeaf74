import { Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useId, useMemo, useState } from 'react';
import { useApp } from '../../client/context';
import type { ImageSetName } from '../../state/compared-models';
import type { MatrixCell } from '../../state/models-slice';
import { count } from '../../ui/format';
import { Pane } from '../../ui/Pane';
import { Segmented } from '../../ui/Segmented';
import { byDifference, type ComparedImage, isInCell } from '../compared/compared-images';
import { type Comparison, inSentence, sampleText, setSizes, subjectOf } from '../compared/comparison';
import { useComparedImages, useComparison, useImageSet } from '../compared/context';
import { indexFiles } from '../forget-set/index-files';
import { AnswerGrid } from './AnswerGrid';
import { filterNames, findFilter, IMAGE_FILTERS } from './image-filters';
import { imagesTable } from './images-table';
import './model-images.css';

const SETS: { value: ImageSetName; label: string; help: string }[] = [
  { value: 'forget', label: 'forget', help: 'Training images that must be forgotten.' },
  { value: 'retain', label: 'retain', help: 'Training images that stay; a sample where there are many.' },
  {
    value: 'test',
    label: 'test',
    help: 'Images that no model was trained on; a sample where there are many.',
  },
];

/** All told images of a set with both models' answers, filtered, most different first. */
export function ImagesPane() {
  const comparison = useComparison();
  const set = useImageSet();
  const { images, data, absence = 'The images are being loaded.' } = useComparedImages(set);
  const {
    filter: filterId,
    label,
    cell,
    picked,
    image: selected,
    order = 'difference',
  } = useApp(({ models }) => models);
  const setModels = useApp((state) => state.setModels);
  const marked = useApp((state) => state.pointed);
  const setMarked = useApp((state) => state.setPointed);
  const [pointed, setPointed] = useState<ComparedImage>();
  const readout = useId();
  const filter = findFilter(filterId) ?? IMAGE_FILTERS[0]!;
  const subject = subjectOf(comparison);
  const among = useMemo(() => {
    const chosen = picked && new Set(picked[set]);
    return (images ?? []).filter(
      (image) =>
        (label === undefined || image.label === label) &&
        (cell === undefined || isInCell(image, cell)) &&
        (chosen?.has(image.index) ?? true),
    );
  }, [images, label, cell, picked, set]);
  const shown = useMemo(() => {
    const kept = among.filter((image) => filter.keeps(image, subject));
    return order === 'difference' ? byDifference(kept) : kept;
  }, [among, filter, subject, order]);
  const classes = data?.classes ?? [];
  const names = filterNames(comparison);
  return (
    <Pane
      title="Images"
      fileName="images"
      className="model-images"
      aside={sampleText(set, comparison.answered[set].length, setSizes(comparison)[set])}
      table={data && ((most) => imagesTable(shown, comparison, classes, most))}
      files={indexFiles(shown.map(({ index }) => index))}
    >
      <div className="model-images-tools">
        <Segmented
          label="Images of the set"
          value={set}
          onChange={(next) => setModels({ set: next, image: undefined, cell: undefined })}
          options={SETS}
        />
        <select
          aria-label="Class of the images"
          value={label ?? ''}
          onChange={({ target }) =>
            setModels({ label: target.value === '' ? undefined : Number(target.value), cell: undefined })
          }
        >
          <option value="">all classes</option>
          {classes.map((name, i) => (
            <option key={name} value={i}>
              {name}
            </option>
          ))}
        </select>
        <select
          aria-label="Order of the images"
          value={order}
          onChange={({ target }) => setModels({ order: target.value === 'index' ? 'index' : undefined })}
        >
          <option value="difference">most different first</option>
          <option value="index">by number</option>
        </select>
      </div>
      <fieldset className="chips model-images-filters">
        <legend className="visually-hidden">Which images</legend>
        {IMAGE_FILTERS.map((each) => (
          <Tooltip key={each.id} label={each.explanation(names)}>
            <button
              type="button"
              className="chip"
              aria-pressed={each === filter}
              onClick={() => setModels({ filter: each === IMAGE_FILTERS[0] ? undefined : each.id })}
            >
              {each.label}{' '}
              <span className="chip-count">
                {count(among.filter((image) => each.keeps(image, subject)).length)}
              </span>
            </button>
          </Tooltip>
        ))}
        {cell && (
          <button
            type="button"
            className="chip"
            aria-pressed
            title="Show the images of all fields again"
            onClick={() => setModels({ cell: undefined })}
          >
            {cellText(cell, comparison, classes)} <IconX size={11} aria-label="take away" />
          </button>
        )}
        {picked && (
          <button
            type="button"
            className="chip"
            aria-pressed
            title="Show all images again"
            onClick={() => setModels({ picked: undefined })}
          >
            {count(picked[set].length)} picked in the embedding <IconX size={11} aria-label="clear" />
          </button>
        )}
      </fieldset>
      {data && images && shown.length > 0 ? (
        <AnswerGrid
          data={data}
          images={shown}
          selected={selected}
          onSelect={(index) => setModels({ image: index })}
          marked={marked?.set === set ? marked.index : undefined}
          onPoint={(image) => {
            setPointed(image);
            setMarked(image && { set, index: image.index });
          }}
          describedBy={readout}
        />
      ) : (
        <p className="empty-note">{images ? 'No image is left by these filters.' : absence}</p>
      )}
      <div id={readout} className="readout" aria-live="polite">
        {pointed ? (
          <PointedText image={pointed} classes={classes} {...comparison} />
        ) : (
          <span className="muted">
            Below each: what A and B say, bold where it is the label, and their confidence in the label, %.
          </span>
        )}
      </div>
    </Pane>
  );
}

/** `image 17, shirt · A DEL coat 12 % · B oracle shirt 80 %`. */
function PointedText({
  image,
  classes,
  a,
  b,
}: Pick<Comparison, 'a' | 'b'> & { image: ComparedImage; classes: readonly string[] }) {
  const said = (which: 'a' | 'b') =>
    `${classes[image[which].says]}, label ${Math.round(100 * image[which].confidence)} %`;
  return (
    <>
      <strong>{classes[image.label]}</strong> · image {image.index} · A {a.label}: {said('a')} · B {b.label}:{' '}
      {said('b')}
    </>
  );
}

/** `shirt that A takes for coat`. */
function cellText(
  { of, label, says }: MatrixCell,
  { a, b }: Pick<Comparison, 'a' | 'b'>,
  classes: readonly string[],
): string {
  const who = of === 'difference' ? 'only one takes' : `${inSentence(of === 'a' ? a : b)} takes`;
  return `${classes[label] ?? label} that ${who} for ${classes[says] ?? says}`;
}
