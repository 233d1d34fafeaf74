import { TILINGS, tilingNamed } from '../gpu/conv/tilings';
import type { TilingChoice } from '../gpu/products';
import { LetheError } from '../settings';
import { hexOf, sha256 } from '../sha256';
import type { ArtifactStore } from '../store/store';
import type { TilingSetting } from './tiling-setting';

/** Which tilings products are computed by: see tiling-setting.ts, or those given. */
export type TilingPolicy = TilingSetting | TilingChoice;

/** What is known of an adapter's tilings. */
export interface KeptTilings {
  choice: TilingChoice;
  /** Tilings that computed something else than most, or do not compile there, and why. */
  wrong: Record<string, string>;
}

type AdapterName = Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description'>;

/** The key under which an adapter's tilings are kept: another driver (in its description), browser or list of tilings is another adapter. */
function keyOfTilings({ vendor, architecture, device, description }: AdapterName): string {
  const about = [
    vendor,
    architecture,
    device,
    description,
    globalThis.navigator?.userAgent ?? '',
    TILINGS.map(({ id }) => id),
  ];
  return `tilings-${hexOf(sha256(new TextEncoder().encode(JSON.stringify(about)))).slice(0, 32)}`;
}

/** @returns undefined where nothing, or nothing readable, is kept of this adapter */
export async function readTilings(
  store: ArtifactStore,
  adapter: AdapterName,
): Promise<KeptTilings | undefined> {
  const bytes = await store.get(keyOfTilings(adapter));
  return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as KeptTilings);
}

export async function keepTilings(
  store: ArtifactStore,
  adapter: AdapterName,
  kept: KeptTilings,
): Promise<void> {
  await store.put(keyOfTilings(adapter), new TextEncoder().encode(JSON.stringify(kept)));
}

/**
 * A choice that somebody gives: a result, whose device says its tilings, or the choice by itself.
 * @throws LetheError when it is neither, or names a tiling that this version does not have
 */
export function parseTilings(given: unknown): TilingChoice {
  const { device } = (given ?? {}) as { device?: { tilings?: unknown } };
  const choice = device ? (device.tilings ?? {}) : given;
  if (typeof choice !== 'object' || choice === null || Array.isArray(choice))
    throw new LetheError(
      'It holds no tilings: give a result.json, or an object with a tiling for each class.',
    );
  for (const [name, id] of Object.entries(choice))
    if (!tilingNamed(id)) throw new LetheError(`It gives ${name} the tiling ${id}, which is not known here.`);
  return choice as TilingChoice;
}
