/** A result that is shipped with the page. */
export interface Recording {
  /** Images a second, forward and backward, while it was recorded. */
  imagesPerSecond: number;
  device: string;
}

const onCpu = (imagesPerSecond: number): Recording => ({ imagesPerSecond, device: 'llvmpipe (CPU)' });

/**
 * The presets whose results lie in `public/recorded`, so that the page asks for no other; `test/recorded.test.ts` holds it against them.
 */
export const recordings: Readonly<Record<string, Recording>> = {
  'alpha-sweep': onCpu(225),
  attack: onCpu(240),
  class: onCpu(201),
  'finetune-fails': onCpu(150),
  iid: onCpu(192),
  memorized: onCpu(209),
  mislabelled: onCpu(207),
  'paper-orderings': onCpu(55),
  'paper-orderings-iid': onCpu(79),
  quickstart: onCpu(148),
  'where-matters': onCpu(181),
};
