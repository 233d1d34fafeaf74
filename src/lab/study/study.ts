import type { ModelConfig } from '../nn/spec';
import type { Settings, SweptSettings } from '../settings';
import type { Precision } from './precision';

/** How a network is trained: SGD with momentum and a per-epoch cosine from `lr` down to `floor * lr`. */
export interface Recipe {
  epochs: number;
  lr: number;
  batch: number;
  momentum: number;
  weightDecay: number;
  /** Cosine floor as a share of `lr`; 1 keeps the rate constant. */
  floor: number;
}

/** How the settings of a tuned run are chosen among its candidates (METHOD section 5.2). */
export interface Select {
  /** The smallest gap to the oracle wins: the mean size of the three deltas, or of those of forget and test accuracy alone. */
  by: 'gap' | 'gap-without-mia';
  /** The repeat that the candidates are run on, never one that is reported. */
  seed: number;
}

/** One or more runs: lists expand to their product, in the order strategy, method, alpha, settings, seed. */
export interface RunSpec {
  label?: string;
  strategy: string | string[];
  method: string | string[];
  /** Share of the parameters that the mask may select, 0 to 1. */
  alpha: number | number[];
  /** A repeat: its own original, oracle, reset weights and shuffles; the forget set is shared (METHOD section 4). */
  seed: number | number[];
  /** Localizer settings that differ from the defaults; a list of values of one gives a run, or a candidate, each. */
  localize?: SweptSettings;
  /** Unlearner settings, likewise. */
  unlearn?: SweptSettings;
  /** Makes the product of the settings' lists the candidates of one run for each strategy, method and alpha, instead of runs. */
  select?: Select;
  /** A model that was unlearned elsewhere: nothing is localized or unlearned, it is measured and compared like any other. */
  weights?: GivenWeights;
  /** With the strategy `manual`: a mask from a file instead of picked units. */
  mask?: GivenWeights;
}

/** A file of one's own, weights or a mask, in any checkpoint format. */
export interface GivenWeights {
  /** Its name; on the command line a path, relative to the study's file. */
  file: string;
  /** SHA-256 of its bytes in hexadecimal: what binds the study to them. Settled when the file is first read. */
  sha256?: string;
}

/** One experiment: the only way to say what to do. The page edits one, a link carries one, the command line runs one. */
export interface Study {
  lethe: 1;
  name: string;
  note?: string;
  /** Draws the forget set (and planted labels); repeats have seeds of their own. */
  seed: number;
  data: {
    /** An id; on the command line also a path to data of one's own, relative to the study's file. */
    source: string;
    /** SHA-256 of data of one's own: what binds the study to it. Settled when it is first read. */
    sha256?: string;
    train: number;
    test: number;
    /** What images are normalised with, one number per colour channel, for pixels from 0 to 1. Absent: as the source says. */
    normalise?: { mean: number[]; std: number[] };
    /**
     * Whose order of a folder of images the picked examples are numbered in. The command line writes them in its own when it opens the
     * folder, and takes this out.
     */
    order?: 'torchvision';
    /** Of images of one's own with several columns of labels the one with the classes. Absent: as their reader says. */
    labelColumn?: string;
  };
  model: { id: string } | { config: ModelConfig };
  /**
   * At most so many images are computed at once, for devices with little memory: gradients of the pieces of a batch are added up.
   * BatchNorm then normalises each piece by its own statistics. Absent: whole batches.
   */
  microBatch?: number;
  /** Absent: float32. */
  precision?: Extract<Precision, 'float16'>;
  /** Given weights that the original starts and ends with: nothing is pretrained. */
  weights?: GivenWeights;
  pretrain: Recipe;
  /** With `weights` the oracle is not trained but read from a file, the same for every seed. */
  oracle: Recipe & { weights?: GivenWeights };
  forget: { rule: string; settings: Settings };
  /** Attacks every run with U-LiRA (METHOD section 5), by so many shadow models: an even number, 4 or more. Absent: no attack. */
  lira?: { shadows: number };
  /** Without it every model is compared with the oracle of its seed (METHOD section 5.1); `false` where only metrics are wanted. */
  compare?: false;
  runs: RunSpec[];
}

/** One choice of the settings of a tuned run. */
export interface Candidate {
  /** Unique in its study: `del-reset-finetune-a0.1-s1000-c2`. */
  id: string;
  localize: Settings;
  unlearn: Settings;
}

/** What the runs of one strategy, method and alpha are tuned over; they share it. */
export interface Tuning extends Select {
  candidates: Candidate[];
  /** The settings as the study gives them, with their lists. */
  given: Pick<RunSpec, 'localize' | 'unlearn'>;
}

/** One member of an expanded `RunSpec`. */
export interface Run {
  /** Stable, unique in its study, fit for a file name: `del-reset-finetune-a0.1-s0`. */
  id: string;
  label: string;
  strategy: string;
  method: string;
  alpha: number;
  seed: number;
  /** Of a tuned run those of its first candidate, as long as nobody knows which one wins. */
  localize: Settings;
  unlearn: Settings;
  tuning?: Tuning;
  weights?: GivenWeights;
  mask?: GivenWeights;
}
