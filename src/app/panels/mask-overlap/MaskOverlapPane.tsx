import * as Comlink from 'comlink';
import { type ReactNode, useState } from 'react';
import { localizers } from '../../../lab/localize';
import { findsMask, strategiesFor } from '../../../lab/plan/every-strategy';
import { registries } from '../../../lab/session/all-registries';
import type { MapRecord } from '../../../lab/study/result';
import { useActions, useApp } from '../../client/context';
import { useAskable } from '../../client/use-askable';
import { useCalmAlpha, useSelection } from '../../client/use-selection';
import { type Asked, askedFailure } from '../../ui/asked';
import { useEveryMap } from '../memorization-map/use-ranked-maps';
import { MaskOverlap } from './MaskOverlap';

interface MaskOverlapPaneProps {
  /** Buttons in the head that switch to the other panes in this place. */
  tabs: ReactNode;
}

/** What the masks of all strategies share at the handle's budget. */
export function MaskOverlapPane({ tabs }: MaskOverlapPaneProps) {
  const { strategy, seed } = useSelection();
  const alpha = useCalmAlpha();
  const maps = useEveryMap(seed);
  const { questions } = useActions();
  const addOtherMap = useApp((state) => state.addOtherMap);
  const { askable, obstacle } = useAskable();
  const [scoring, setScoring] = useState<Asked<true>>();
  const finding = askable ? strategiesFor(askable, registries) : localizers.entries.filter(findsMask);
  const missing = finding.filter((entry) => !maps.some(({ localizer }) => localizer === entry));
  const onScore = () => {
    if (!askable) return;
    setScoring({ state: 'asking' });
    const takeMap = (map: MapRecord, done: number, total: number) => {
      addOtherMap(askable, map);
      setScoring({ state: 'asking', done, total });
    };
    questions
      .ask((api) => api.scoreStrategies(askable, seed, Comlink.proxy(takeMap)))
      .then(() => setScoring({ state: 'answered', answer: true }))
      .catch((error) => setScoring(askedFailure(error)));
  };
  return (
    <MaskOverlap
      maps={maps}
      shown={strategy}
      alpha={alpha}
      missing={missing.map(({ label }) => label)}
      scoring={scoring}
      obstacle={obstacle}
      onScore={onScore}
      onCancel={() => questions.stop()}
      controls={tabs}
    />
  );
}
