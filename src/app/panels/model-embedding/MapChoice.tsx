import { type ReactNode, useState } from 'react';
import { type Embedding, embedding } from '../../../lab/compare/embedding';
import type { ChoiceSetting } from '../../../lab/settings';
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
  const [chosen, setChosen] = useState<MapId>('pca');
  const [found] = asked?.state === 'answered' ? asked.answer : [];
  const map = found?.a && placedSets('umap', found.a, found.a, found.b);
  const choose = (id: MapId) => {
    setChosen(id);
    if (id === 'umap') ask([{ seed, a, b }], { map: id });
    else clear();
  };
  const stop = () => {
    setChosen('pca');
    cancel();
  };
  const controls = (
    <div className="embedding-tools">
      <Segmented label="Map" value={chosen} onChange={choose} options={MAPS} />
      {chosen === 'umap' && obstacle && <ObstacleNote {...obstacle} />}
      {asked && <Answer asked={asked} what="UMAP of both models’ features" onCancel={stop} />}
    </div>
  );
  return { ...(map && { map }), controls };
}
