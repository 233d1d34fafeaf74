import { join } from 'node:path';
import { readJson, writeJson } from '../files';
import {
  agreementOf,
  disagreements,
  MICRO_STUDIES,
  type MicroFound,
  type MicroName,
  resultOf,
} from '../micro';
import micro from '../reference/micro.json';
import oneStep from '../reference/one-step.json';

const REFERENCES: Record<MicroName, unknown> = { micro, 'one-step': oneStep };

/** Compares the small studies that are finished in `folder/<name>` with the CPU's. @throws Error when they do not agree */
export async function probeAgreement([path, folder]: string[]): Promise<void> {
  const found: MicroFound = {};
  for (const name of Object.keys(MICRO_STUDIES) as MicroName[]) {
    const content = await readJson(join(folder!, name, 'result.json'));
    if (content === undefined) continue;
    const mine = resultOf(content);
    const reference = resultOf(REFERENCES[name]);
    found[name] = { reference: reference.device.label, ...agreementOf(mine, reference) };
  }
  await writeJson(path!, found);
  const problems = disagreements(found);
  if (problems.length > 0) throw new Error(problems.join(' '));
}
