import type { Study } from '../study';

/** Groups of the preset menu, in its order, with their headings. */
export const PRESET_GROUPS = {
  forget: 'What must be forgotten: minutes on a GPU, up to hours on a CPU',
  methods: 'What masks and methods can do: minutes on a GPU, up to hours on a CPU',
  orderings: 'The paper’s questions, smaller: hours on a CPU',
  paper: 'The paper at full size: real data, hours on a desktop GPU',
  code: 'As the authors’ code runs it: real data, hours on a desktop GPU',
} as const;

export type PresetGroup = keyof typeof PRESET_GROUPS;

/** A ready study. */
export interface Preset {
  id: string;
  /** Heading of the page's preset menu; also the study's name. */
  label: string;
  /** One sentence: what it asks. What came out is told from the numbers alone. */
  explanation: string;
  study: Study;
  /** What it is listed with. */
  group: PresetGroup;
  /** Kept out of the menu: small studies for tests. */
  hidden?: boolean;
}
