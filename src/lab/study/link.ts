import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { applyPatch, mergePatchBetween } from './patch';
import { type Preset, presets } from './presets';
import { parseStudy } from './schema';
import type { Study } from './study';

/** `#s=1.<preset id>.<base64url of the deflated JSON merge patch>`; the last part is absent for the preset itself. */
const FORMAT = /^#?s=(\d{1,6})\.([a-z0-9-]{1,64})(?:\.([A-Za-z0-9_-]*))?$/;
const VERSION = 1;
/** Browsers and chats cut longer addresses. The limit also bounds what a hostile link can inflate to. */
const LONGEST = 24_000;

export type DecodedLink =
  | { kind: 'none' }
  | { kind: 'bad'; problem: string }
  | { kind: 'study'; study: Study; preset: string; problems: string[] };

/**
 * The URL hash that restores `study`: only its difference from the nearest preset, so that links stay short.
 */
export function encodeLink(study: Study, known: readonly Preset[] = presets): string {
  const links = known.map((preset) => {
    const patch = mergePatchBetween(plain(preset.study), plain(study));
    const head = `#s=${VERSION}.${preset.id}`;
    return patch === undefined ? head : `${head}.${pack(JSON.stringify(patch))}`;
  });
  return links.reduce((shortest, link) => (link.length < shortest.length ? link : shortest));
}

/**
 * Reads a URL hash. Never throws: no link at all is `none`, an unreadable one `bad` with a sentence, and a readable one
 * gives a complete study, with a sentence in `problems` for every part that had to be dropped.
 */
export function decodeLink(hash: string, known: readonly Preset[] = presets): DecodedLink {
  if (!/^#?s=/.test(hash)) return { kind: 'none' };
  const bad = (problem: string): DecodedLink => ({ kind: 'bad', problem });
  const match = hash.length <= LONGEST ? FORMAT.exec(hash) : null;
  if (!match) return bad('The link is damaged: it does not hold a study.');
  const [, version, id, packed] = match;
  if (Number(version) !== VERSION) return bad('The link was made by another version of Lethe.');
  const preset = known.find((candidate) => candidate.id === id);
  if (!preset) return bad(`The link builds on a preset "${id}" that is not known here.`);
  let input = plain(preset.study);
  if (packed) {
    try {
      input = applyPatch(input, JSON.parse(unpack(packed)));
    } catch {
      return bad('The link is damaged: it was cut off or changed on the way.');
    }
  }
  const parsed = parseStudy(input);
  if (!parsed.ok) return bad(parsed.problem);
  return { kind: 'study', study: parsed.study, preset: preset.id, problems: parsed.problems };
}

/** Drops `undefined` fields, which JSON cannot say. */
function plain(study: Study) {
  return JSON.parse(JSON.stringify(study));
}

function pack(text: string): string {
  const bytes = deflateSync(strToU8(text), { level: 9 });
  const base64 = btoa(strFromU8(bytes, true));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function unpack(packed: string): string {
  const base64 = packed.replaceAll('-', '+').replaceAll('_', '/');
  return strFromU8(inflateSync(strToU8(atob(base64), true)));
}
