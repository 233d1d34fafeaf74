/** The views that the page has. */
export type PageView = 'lab' | 'models' | 'studies';

export interface PageViewEntry {
  id: PageView;
  label: string;
  /** The key that leads there. */
  key: string;
  /** One sentence. */
  explanation: string;
}

export const PAGE_VIEWS: readonly PageViewEntry[] = [
  {
    id: 'lab',
    label: 'Lab',
    key: '1',
    explanation: 'The study on one screen: forget set, map, trade-off, curves and runs.',
  },
  {
    id: 'models',
    label: 'Models',
    key: '2',
    explanation: 'Two models side by side: what each of them says of every image.',
  },
  {
    id: 'studies',
    label: 'Studies',
    key: '3',
    explanation:
      'Every study that was computed or opened here, to be compared, and the sweep table of the edited one.',
  },
];
