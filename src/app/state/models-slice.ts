import type { StateCreator } from 'zustand';
import type { ImageSetName } from './compared-models';
import type { PageView } from './page-views';

/** A field of a matrix of answers: images of a class that a model takes for another. */
export interface MatrixCell {
  /** Whose matrix; `difference`: the images that only one of the two takes for that class. */
  of: 'a' | 'b' | 'difference';
  label: number;
  says: number;
}

/** Numbers of images of each set. */
export type PickedImages = Record<ImageSetName, readonly number[]>;

/** An image of a set, by its number in the set's split. */
export interface PointedImage {
  set: ImageSetName;
  index: number;
}

/** What the reader compares and how; what is absent follows from the study. Nothing here changes a number. */
export interface ModelsChoice {
  /** Keys of the two models, as `comparedModels` gives them. */
  a?: string;
  b?: string;
  seed?: number;
  /** Id of the tab beside the images. */
  tab?: string;
  set?: ImageSetName;
  /** Id of an image filter. */
  filter?: string;
  label?: number;
  cell?: MatrixCell;
  /** Those picked in the embedding, to which the images are limited; no part of an address. */
  picked?: PickedImages;
  /** Number of the selected image in its set's split. */
  image?: number;
  /** Confidence from which the attack takes an image for a member. */
  threshold?: number;
  /** How the images are ordered; absent: most different first. */
  order?: 'index';
  /** What the matrices hold; absent: shares of the answers. */
  measure?: 'mean';
  /** Which attack is shown; absent: a threshold on the confidence. */
  attack?: 'lira';
  /** The model that the threshold is tried on; absent: A. */
  attacked?: 'b';
  /** The scales of U-LiRA's ROC; absent: linear. */
  roc?: 'log';
  /** The map of the embedding; absent: principal axes. */
  map?: 'umap';
  /** How its pictures are drawn; absent: A and B by one scale. */
  pictures?: 'own' | 'one';
  /** How far the one picture is on its way from A to B, above 0 and up to 1; absent: at A. */
  between?: number;
  /** Sets that its pictures leave in the background, at least one. */
  without?: readonly ImageSetName[];
}

/** Which view is on the page, and what the Models view shows. */
export interface ModelsSlice {
  page: PageView;
  models: ModelsChoice;
  /** The image under the pointer or cursor in one of the panes, which the others mark. */
  pointed?: PointedImage;
  setPointed(pointed: PointedImage | undefined): void;
  setPage(page: PageView): void;
  setModels(change: ModelsChoice): void;
  /** Opens the Models view. @param change what of it is chosen anew */
  openModels(change?: ModelsChoice): void;
}

/** Choices that belong to one study; how the reader looks at it stays with another one. */
export const UNCHOSEN_MODELS = {
  a: undefined,
  b: undefined,
  seed: undefined,
  label: undefined,
  cell: undefined,
  picked: undefined,
  image: undefined,
} satisfies ModelsChoice;

export const createModelsSlice: StateCreator<ModelsSlice> = (set) => ({
  page: 'lab',
  models: {},
  setPointed: (pointed) => set({ pointed }),
  setPage: (page) => set({ page }),
  setModels: (change) => set(({ models }) => ({ models: { ...models, ...change } })),
  openModels: (change = {}) => set(({ models }) => ({ page: 'models', models: { ...models, ...change } })),
});
