import { SweepTable } from '../../sweep/SweepTable';

/** How the network is made to forget, and how often it is repeated: the study's rows, and all methods to choose from. */
export function UnlearnSection() {
  return <SweepTable catalogue="unlearn" />;
}
