import { bytesText } from '../../../lab/format';
import type { CostView } from '../../state/study-cost';
import { aboutDuration, count } from '../../ui/format';

/** `about 12 min, 840 MB`; without a measurement how much work it is: `190K passes, 840 MB`. */
export function costShort({ passes, counted, seconds, memory }: CostView): string {
  if (passes === 0 && counted) return 'everything is stored already';
  const work = seconds === undefined ? `${compact(passes)} passes` : `about ${aboutDuration(seconds)}`;
  return `${work}, ${bytesText(memory)}`;
}

/** `68,602,800` → `69M`. */
const compact = (value: number): string =>
  value.toLocaleString('en-US', { notation: 'compact', maximumSignificantDigits: 2 });

/** The same in full. */
export function costLong(cost: CostView): string {
  const { passes, counted, imagesPerSecond, device, memory, disk, toLoad } = cost;
  const rate =
    imagesPerSecond === undefined
      ? '; how long they take is measured on a few steps when you point at the button or edit the study'
      : ` at ${count(imagesPerSecond)} a second on ${device}`;
  const kept = counted ? '' : ', less what is stored already';
  const data = toLoad
    ? ` First ${bytesText(toLoad.download)} of images are downloaded and ${bytesText(toLoad.kept)} kept.`
    : '';
  return `An estimate. To be computed: ${count(passes)} image passes (forward and backward)${kept}${rate}. It needs ${bytesText(memory)} on the graphics card and ${bytesText(disk)} of the browser’s storage.${data}`;
}
