import { Registry } from '../settings';
import { badTeacher } from './bad-teacher';
import { cfK } from './cf-k';
import { ct } from './ct';
import { euK } from './eu-k';
import { finetune } from './finetune';
import { gradientAscent } from './gradient-ascent';
import { influence } from './influence';
import { l1Sparse } from './l1-sparse';
import { msg } from './msg';
import { neggradPlus } from './neggrad-plus';
import { randomLabel } from './random-label';
import { resetFinetune } from './reset-finetune';
import { retrain } from './retrain';
import { salun } from './salun';
import { scrub } from './scrub';
import { ssd } from './ssd';
import { unitDrop } from './unit-drop';
import type { Unlearner } from './unlearner';

export const unlearners = new Registry<Unlearner>('unlearning method', [
  resetFinetune,
  finetune,
  randomLabel,
  salun,
  neggradPlus,
  gradientAscent,
  l1Sparse,
  scrub,
  ssd,
  influence,
  msg,
  ct,
  badTeacher,
  euK,
  cfK,
  unitDrop,
  retrain,
]);
