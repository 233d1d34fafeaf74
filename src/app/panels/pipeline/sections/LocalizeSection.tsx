import { SweepTable } from '../../sweep/SweepTable';

/** Where the forget set is looked for, and how large a mask may be: the study's rows, and all strategies to choose from. */
export function LocalizeSection() {
  return <SweepTable catalogue="localize" />;
}
