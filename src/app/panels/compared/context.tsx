import { createContext, useContext, useMemo } from 'react';
import { useApp } from '../../client/context';
import { useImages } from '../../client/use-images';
import type { ImageSetName } from '../../state/compared-models';
import type { ImageSet } from '../../state/image-set';
import { studyKey } from '../../state/study-names';
import { plantedLabels } from '../forget-set/shown';
import { type ComparedImage, comparedImages } from './compared-images';
import type { Comparison } from './comparison';

/** The two models that the panes of the Models view are about. */
export const Compared = createContext<Comparison | undefined>(undefined);

export function useComparison(): Comparison {
  const comparison = useContext(Compared);
  if (!comparison) throw new Error('This pane stands outside the Models view.');
  return comparison;
}

/** Names the two models among those of all studies: what was asked about one pair says nothing of another. */
export function usePairKey(): string {
  const { view, seed, a, b } = useComparison();
  const study = useMemo(() => studyKey(view.study), [view.study]);
  return `${study} ${seed} ${a.key} ${b.key}`;
}

/** The set whose images are shown. */
export function useImageSet(): ImageSetName {
  return useApp(({ models }) => models.set ?? 'forget');
}

interface SetImages {
  /** Absent until the labels are there. */
  images?: ComparedImage[];
  data?: ImageSet;
  /** Why there are none, in a sentence. */
  absence?: string;
}

/** The images of a set with what the models say, once pictures and labels are loaded. */
export function useComparedImages(set: ImageSetName): SetImages {
  const comparison = useComparison();
  const { forget, planted, study } = comparison.view;
  const { images: data, absence } = useImages(study.data, set === 'test' ? 'test' : 'train');
  const images = useMemo(() => {
    if (!data) return undefined;
    const wrong = plantedLabels(set === 'test' ? [] : forget, planted);
    return comparedImages(comparison, set, (index) => wrong.get(index) ?? data.labels[index]!);
  }, [comparison, set, data, forget, planted]);
  return { images, data, absence };
}
