import type { Study } from '../study';

/** A ready study. */
export interface Preset {
  id: string;
  /** Heading of the page's preset menu; also the study's name. */
  label: string;
  /** One sentence: what it asks. What came out is told from the numbers alone. */
  explanation: string;
  study: Study;
  /** Hours of work, or real data to download: listed apart. */
  long?: boolean;
  /** Kept out of the menu: small studies for tests. */
  hidden?: boolean;
}
