import { Registry } from '../settings';
import { compare } from './compare';
import { data } from './data';
import { evaluate } from './evaluate';
import { lira } from './lira';
import { mask } from './mask';
import { maskFile } from './mask-file';
import { memorization } from './memorization';
import { modelFile } from './model-file';
import { oracle } from './oracle';
import { pretrain } from './pretrain';
import { score } from './score';
import { select } from './select';
import { shadow } from './shadow';
import type { StageKind } from './stage-kind';
import { subset } from './subset';
import { unlearn } from './unlearn';
import { unlearnShadow } from './unlearn-shadow';

/**
 * Every kind of stage, in the order in which they are planned: within a seed an original comes before its masks, which show much and cost
 * little, and the oracle before what is unlearned. To add a kind is to add its file and a line here.
 */
export const stages = new Registry<StageKind>('kind of stage', [
  data,
  subset,
  memorization,
  pretrain,
  score,
  mask,
  maskFile,
  oracle,
  unlearn,
  modelFile,
  evaluate,
  select,
  compare,
  shadow,
  unlearnShadow,
  lira,
]);
