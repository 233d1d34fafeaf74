import { Registry } from '../settings';
import { wholeClass } from './class';
import type { ForgetRule } from './forget-rule';
import { iid } from './iid';
import { manual } from './manual';
import { memorized } from './memorized';
import { mislabelled } from './mislabelled';
import { nonIid } from './non-iid';

export const forgetRules = new Registry<ForgetRule>('forget rule', [
  iid,
  nonIid,
  wholeClass,
  memorized,
  mislabelled,
  manual,
]);
