import type { ComponentType, ReactNode } from 'react';

/** A reading of the two models, which stands beside their images. */
export interface ModelsTab {
  id: string;
  label: string;
  /** One sentence, on hover and focus. */
  help: string;
  /** The pane; it puts `tabs`, which lead to the others, into its head, and takes the models from `useComparison`. */
  Pane: ComponentType<{ tabs: ReactNode }>;
}
