import * as v from 'valibot';
import { LetheError } from '../settings';
import { modelConfigSchema } from '../study/model-config';
import type { ModelConfig } from './spec';

/** @throws LetheError with one sentence when `value` is no usable configuration. */
export function parseModelConfig(value: unknown): ModelConfig {
  const parsed = v.safeParse(modelConfigSchema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const where = v.getDotPath(issue);
  throw new LetheError(
    `This network configuration is not usable: ${where ? `${where}: ` : ''}${issue.message.replace(/\.$/, '')}.`,
  );
}
