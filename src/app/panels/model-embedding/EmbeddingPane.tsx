import { type ReactNode, useMemo, useRef } from 'react';
import { COMPARED_SETS } from '../../../lab/compare/comparison';
import { embedding } from '../../../lab/compare/embedding';
import { fixed } from '../../../lab/format';
import { svgFiles } from '../../charts/svg-files';
import { count } from '../../ui/format';
import { Pane } from '../../ui/Pane';
import { Term } from '../../ui/Term';
import { useComparedImages, useComparison, usePairKey } from '../compared/context';
import { useKept } from '../compared/kept';
import { EmbeddedPictures } from './EmbeddedPictures';
import { embeddedPoints, forgetAgainstRetain, keptSets } from './embedded';
import { embeddingTable } from './embedding-table';
import { useMapChoice } from './MapChoice';
import './model-embedding.css';

const NONE: readonly string[] = [];

/** Where the images lie for both models, in the plane of the oracle's features: two linked pictures, or one that goes from A to B. */
export function EmbeddingPane({ tabs }: { tabs: ReactNode }) {
  return <PairEmbedding key={usePairKey()} tabs={tabs} />;
}

function PairEmbedding({ tabs }: { tabs: ReactNode }) {
  const comparison = useComparison();
  const { map, controls } = useMapChoice();
  const readings = useKept(embedding);
  const told = {
    forget: useComparedImages('forget'),
    retain: useComparedImages('retain'),
    test: useComparedImages('test'),
  };
  const [forget, retain, test] = COMPARED_SETS.map((set) => told[set].images);
  const shown = useMemo(() => map ?? keptSets(readings, comparison), [map, readings, comparison]);
  const points = useMemo(() => {
    if ('absence' in shown) return undefined;
    const images = { forget, retain, test };
    const byIndex = Object.fromEntries(
      COMPARED_SETS.map((set) => [set, new Map(images[set]?.map((image) => [image.index, image]))]),
    );
    return embeddedPoints(shown, (set, index) => byIndex[set]!.get(index));
  }, [shown, forget, retain, test]);
  const svg = useRef<SVGSVGElement>(null);
  const classes = told.forget.data?.classes ?? told.test.data?.classes ?? NONE;
  if (!points || 'absence' in shown)
    return (
      <Pane title="Embedding" fileName="embedding" className="model-embedding" controls={tabs}>
        {controls}
        <p className="empty-note">{'absence' in shown && shown.absence}</p>
      </Pane>
    );
  const isPlane = shown.map === 'pca';
  const ratio = isPlane ? forgetAgainstRetain(points) : undefined;
  return (
    <Pane
      title="Embedding"
      fileName="embedding"
      className="model-embedding"
      aside={`${count(points.length)} images`}
      controls={tabs}
      table={(most) => embeddingTable(points, comparison, classes, most)}
      files={svgFiles(svg, 'embedding')}
    >
      {controls}
      <EmbeddedPictures svg={svg} points={points} classes={classes} />
      <p className="muted embedding-note">
        {isPlane ? (
          <>
            <Term id="principalAxes">Principal axes</Term> of the oracle’s features, in which both models are
            drawn
            {shown.shares &&
              `; they hold ${fixed(100 * shown.shares[0], 0)} % (across) and ${fixed(100 * shown.shares[1], 0)} % (up) of the variance of those features`}
            .
          </>
        ) : (
          <>
            <Term id="umap">UMAP</Term> of both models’ features together: neighbourhoods count, axes and
            distances mean nothing.
          </>
        )}
        {ratio !== undefined &&
          ` From A to B images to forget move ${fixed(ratio)} times as far as retained ones here, on average.`}
      </p>
    </Pane>
  );
}
