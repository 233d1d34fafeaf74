import type { ReactNode } from 'react';
import { type Embedding, embedding } from '../../../lab/compare/embedding';
import type { ChoiceSetting } from '../../../lab/settings';
import { useApp } from '../../client/context';
import { Answer, ObstacleNote } from '../../ui/Answer';
import { Segmented, type SegmentOption } from '../../ui/Segmented';
import { usePairsQuestion } from '../compared/ask-pair';
import { useComparison } from '../compared/context';
import { type EmbeddedSets, placedSets } from './embedded';

type MapId = Embedding['map'];

const MAPS = (embedding.settings.find(({ name }) => name === 'map') as ChoiceSetting)
  .options as SegmentOption<MapId>[];

interface MapChoice {
  /** In place of the kept map; absent: that one. */
  map?: EmbeddedSets;
  controls: ReactNode;
}

/** The kept principal axes, or UMAP, which is computed on demand. */
export function useMapChoice(): MapChoice {
  const { a, b, seed } = useComparison();
  const { asked, obstacle, ask, cancel, clear } = usePairsQuestion(embedding);
  const chosen: MapId = useApp(({ models }) => models.map) ?? 'pca';
  const setModels = useApp((state) => state.setModels);
  const [found] = asked?.state === 'answered' ? asked.answer : [];
  const map = chosen === 'umap' && found?.a && placedSets('umap', found.a, found.a, found.b);
  const compute = () => ask([{ seed, a, b }], { map: 'umap' });
  const choose = (id: MapId) => {
    setModels({ map: id === 'umap' ? id : undefined });
    if (id === 'umap') compute();
    else clear();
  };
  const stop = () => {
    setModels({ map: undefined });
    cancel();
  };
  const controls = (
    <div className="embedding-tools">
      <Segmented label="Map" value={chosen} onChange={choose} options={MAPS} />
      {chosen === 'umap' && obstacle && <ObstacleNote {...obstacle} />}
      {/* An address, or the pair before, asks for it: it is computed when the reader says so. */}
      {chosen === 'umap' && !obstacle && !asked && (
        <button type="button" className="text-button" onClick={compute}>
          Compute the UMAP of these two models
        </button>
      )}
      {chosen === 'umap' && asked && (
        <Answer asked={asked} what="UMAP of both models’ features" onCancel={stop} />
      )}
    </div>
  );
  return { ...(map && { map }), controls };
}
