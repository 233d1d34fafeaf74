import { LetheError } from '../lab/settings';
import { type KeptTilings, parseTilings, type TilingPolicy } from '../lab/train/kept-tilings';
import { isTilingSetting } from '../lab/train/tiling-setting';
import { readJson, withFileName } from './inputs';

/**
 * What `--tilings` asks for.
 * @param given `auto`, `default`, `trial`, or the path of a result
 * @throws LetheError when it is a file that holds no tilings
 */
export async function readTilingPolicy(given = 'auto'): Promise<TilingPolicy> {
  if (isTilingSetting(given)) return given;
  if (!/[\\/.]/.test(given))
    throw new LetheError(`--tilings takes auto, default, trial or a result.json, not ${given}.`);
  return withFileName(given, async () => parseTilings(await readJson(given)));
}

/** What is kept of an adapter's tilings, a line each. */
export function tilingLines(kept: KeptTilings | undefined): string[] {
  if (!kept) return [];
  const faults = Object.entries(kept.wrong).map(([id, why]) => `never ${id}: ${why}`);
  return [...Object.entries(kept.choice).map(([name, id]) => `${name}: ${id}`), ...faults];
}
