import { useEffect, useState } from 'react';
import type { SplitName } from '../../lab/data/dataset';
import type { Study } from '../../lab/study/study';
import { type ImageSet, imagesAbsence, imagesOf } from '../state/image-set';
import { useApp } from './context';
import { loadImages } from './images';

export interface LoadedImages {
  images?: ImageSet;
  /** Why there are none, in a sentence. */
  absence?: string;
}

const NONE: LoadedImages = {};

/** The last that were loaded of each split: panes that come and go do not load them again. */
const kept = new Map<SplitName, { key: string; loading: Promise<ImageSet | undefined> }>();

function loadOnce(data: Study['data'], split: SplitName): Promise<ImageSet | undefined> {
  const key = JSON.stringify([data.source, data[split]]);
  const known = kept.get(split);
  if (known?.key === key) return known.loading;
  const loading = loadImages(data, split);
  kept.set(split, { key, loading });
  const forget = () => {
    if (kept.get(split)?.loading === loading) kept.delete(split);
  };
  // Data that a study brings to this machine later are looked for again.
  loading.then((images) => images ?? forget(), forget);
  return loading;
}

/** Pictures and labels of a study's images of one split: those of the edited study where it has the same, otherwise loaded when they are asked for. */
export function useImages(data: Study['data'] | undefined, split: SplitName): LoadedImages {
  const edited = useApp((state) => (split === 'train' && data ? imagesOf(state.images, data) : undefined));
  const arrived = useApp((state) => state.images);
  const onTheirWay = useApp(
    ({ study, imagesMissing }) =>
      split === 'train' &&
      !imagesMissing &&
      data?.source === study.data.source &&
      data.train === study.data.train,
  );
  const [loaded, setLoaded] = useState<LoadedImages & { of?: Study['data']; split?: SplitName }>(NONE);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when images of the study have arrived, others may have too
  useEffect(() => {
    if (!data || edited || onTheirWay) return;
    let current = true;
    const say = (told: LoadedImages) => current && setLoaded({ ...told, of: data, split });
    loadOnce(data, split).then(
      (images) => say(images ? { images } : { absence: imagesAbsence(data) }),
      (error: Error) => say({ absence: error.message }),
    );
    return () => {
      current = false;
    };
  }, [data, split, edited, onTheirWay, arrived]);
  if (edited) return { images: edited };
  return loaded.of === data && loaded.split === split ? loaded : NONE;
}
