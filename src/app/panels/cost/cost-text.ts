import { bytesText } from '../../../lab/format';
import type { CostView } from '../../state/study-cost';
import { aboutDuration, count } from '../../ui/format';

/** `about 12 min, 840 MB`; as long as nothing was measured here, where it takes so long, or that it is not known. */
export function costShort(cost: CostView): string {
  if (cost.passes === 0 && cost.counted) return 'everything is stored already';
  return `${timeText(cost)}, ${bytesText(cost.memory)}`;
}

/** `about 12 min`, `about 22 min on llvmpipe (CPU)`. */
export function timeText({ seconds, elsewhere }: Pick<CostView, 'seconds' | 'elsewhere'>): string {
  if (seconds !== undefined) return `about ${aboutDuration(seconds)}`;
  return elsewhere
    ? `about ${aboutDuration(elsewhere.seconds)} on ${elsewhere.device}`
    : 'time not measured yet';
}

/** The same in full. */
export function costLong(cost: CostView): string {
  const { passes, counted, imagesPerSecond, device, memory, disk, toLoad } = cost;
  const rate =
    imagesPerSecond === undefined
      ? '; how long they take here is measured on a few steps when you point at this or at the button, or edit the study'
      : ` at ${count(imagesPerSecond)} a second on ${device}`;
  const kept = counted ? '' : ', less what is stored already';
  const data = toLoad
    ? ` First ${bytesText(toLoad.download)} of images are downloaded and ${bytesText(toLoad.kept)} kept.`
    : '';
  return `An estimate. To be computed: ${count(passes)} image passes (forward and backward)${kept}${rate}. It needs ${bytesText(memory)} on the graphics card and ${bytesText(disk)} of the browser’s storage.${data}`;
}
