import { type ReactNode, useMemo, useRef, useState } from 'react';
import { collateral } from '../../../lab/compare/collateral';
import { fixed } from '../../../lab/format';
import { lazyChart } from '../../charts/lazy-chart';
import { svgFiles } from '../../charts/svg-files';
import { useApp } from '../../client/context';
import { useImages } from '../../client/use-images';
import type { ImageSet } from '../../state/image-set';
import type { Table } from '../../ui/DataTable';
import { count } from '../../ui/format';
import { Pane } from '../../ui/Pane';
import { Term } from '../../ui/Term';
import { useSize } from '../../ui/use-size';
import { Absences } from '../compared/Absences';
import { sidesOf } from '../compared/comparison';
import { useComparison } from '../compared/context';
import { useKept } from '../compared/kept';
import { SideKey } from '../compared/SideKey';
import { Thumbnail } from '../forget-set/Thumbnail';
import { useThumbnails } from '../forget-set/thumbnails';
import {
  type CollateralImages,
  collateralImages,
  collateralSentence,
  meanWindow,
  placeText,
  type SideCollateral,
  sideCollateral,
} from './collateral-model';
import '../compared/tab-pane.css';
import './model-collateral.css';

const CollateralChart = lazyChart(() => import('./CollateralChart').then((module) => module.CollateralChart));

/** Of the thumbnail in the readout, in pixels. */
const SIDE = 32;

interface Reading {
  images?: CollateralImages;
  sides: SideCollateral[];
  /** Why something is not shown, in a sentence each. */
  absences: string[];
}

/** What is known of the two models; the oracle is what they are measured by. */
function useCollateral(): Reading {
  const comparison = useComparison();
  const kept = useKept(collateral);
  return useMemo(() => {
    const images = collateralImages(kept.oracle);
    const absences: string[] = [];
    const sides = sidesOf(comparison)
      .filter(({ model }) => model.role !== 'oracle')
      .flatMap((side) => {
        const found = kept.of(side.model);
        const read = found && images && sideCollateral(side, found, images);
        if (!read) absences.push(found ? kept.damage(side.model) : kept.absence(side.model));
        return read ? [read] : [];
      });
    return { images, sides, absences };
  }, [comparison, kept]);
}

/** How much the answers on retained images changed, against how near each lies to the forget set. */
export function CollateralPane({ tabs }: { tabs: ReactNode }) {
  const { images, sides, absences } = useCollateral();
  if (!images || sides.length === 0)
    return (
      <Pane title="Collateral" fileName="collateral" className="model-collateral" controls={tabs}>
        <p className="empty-note">
          {absences[0] ?? 'Changes are from the oracle: choose another model beside it.'}
        </p>
      </Pane>
    );
  return <ShownCollateral {...{ tabs, images, sides, absences }} />;
}

function ShownCollateral({ tabs, images, sides, absences }: Required<Reading> & { tabs: ReactNode }) {
  const { view } = useComparison();
  const { set, image } = useApp(({ models }) => models);
  const setModels = useApp((state) => state.setModels);
  const { images: data } = useImages(view.study.data, 'train');
  const [place, setPlace] = useState<number>();
  const [box, size] = useSize<HTMLDivElement>();
  const svg = useRef<SVGSVGElement>(null);
  const { indices } = images;
  const selected = set === 'retain' && image !== undefined ? indices.indexOf(image) : -1;
  return (
    <Pane
      title="Collateral"
      fileName="collateral"
      className="model-collateral"
      controls={tabs}
      table={(most) => collateralTable(images, sides, data, most)}
      files={svgFiles(svg, 'collateral')}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="model-tab-scroll" aria-label="What else the models changed" tabIndex={0}>
        <p className="model-tab-reading">{collateralSentence(sides, images)}</p>
        <div className="readout collateral-readout" aria-live="polite">
          {place === undefined ? (
            <span className="muted">
              <Term id="totalVariation">Change</Term> against <Term id="featureDistance" /> to the nearest
              forget image; lines: means of {count(meanWindow(indices.length))} neighbours; the{' '}
              <Term id="rankCorrelation" /> is Spearman’s. Select a point to see its image.
            </span>
          ) : (
            <PlaceText {...{ place, images, sides, data }} />
          )}
        </div>
        <div className="chart-box collateral-box" ref={box}>
          {size.width > 0 && (
            <CollateralChart
              svg={svg}
              images={images}
              sides={sides}
              size={size}
              cursor={place}
              selected={selected < 0 ? undefined : selected}
              onCursor={setPlace}
              onChoose={(chosen) =>
                setModels({ set: 'retain', image: indices[chosen], cell: undefined, label: undefined })
              }
            />
          )}
        </div>
        <SideKey sides={sides} />
        <Absences absences={absences} />
      </section>
    </Pane>
  );
}

interface PlaceTextProps {
  place: number;
  images: CollateralImages;
  sides: readonly SideCollateral[];
  data?: ImageSet;
}

/** The image that is pointed at, with its picture where there is one. */
function PlaceText({ place, images, sides, data }: PlaceTextProps) {
  const pictures = useThumbnails(data);
  const index = images.indices[place]!;
  const name = data?.classes[data.labels[index]!];
  return (
    <>
      {pictures && (
        <Thumbnail pictures={pictures} index={index} label={`${name}, image ${index}`} side={SIDE} />
      )}
      <span>
        <strong>{name ?? `image ${index}`}</strong>
        {name && ` · image ${index}`} · {placeText(sides, images, place)}
      </span>
    </>
  );
}

function collateralTable(
  { indices, distance }: CollateralImages,
  sides: readonly SideCollateral[],
  data: ImageSet | undefined,
  most = indices.length,
): Table {
  return {
    caption: 'Retained images by their distance to the nearest forget image, with each model’s change',
    columns: [
      { label: 'image' },
      ...(data ? [{ label: 'label', align: 'left' as const }] : []),
      { label: 'distance' },
      ...sides.map(({ letter, model }) => ({ label: `change, ${letter} ${model.label}` })),
    ],
    rows: indices
      .slice(0, most)
      .map((index, place) => [
        index,
        ...(data ? [data.classes[data.labels[index]!]] : []),
        fixed(distance[place], 4),
        ...sides.map(({ change }) => fixed(change[place], 3)),
      ]),
    total: indices.length,
  };
}
