import { deflateSync, Inflate, strFromU8, strToU8 } from 'fflate';
import { sha256 } from '../sha256';
import { DEEPEST, parseBoundedJson } from './bounded-json';
import { applyPatch, mergePatchBetween, patchSize, rememberTexts } from './patch';
import { type Preset, presets } from './presets';
import { parseStudy } from './schema';
import type { Study } from './study';

/**
 * `#s=1.<preset id>` for a preset itself, else `#s=1.<preset id>.<base64url of the deflated JSON merge patch>.<checksum>`. Older
 * links hold a patch without a checksum. A new link whose last dot became a letter reads as one of these, and as the same study:
 * nothing after the end of the deflated text counts.
 */
const FORMAT = /^s=(\d{1,6})\.([a-z0-9-]{1,64})(?:\.([A-Za-z0-9_-]*))?(?:\.([A-Za-z0-9_-]{6}))?$/;
const VERSION = 1;
/** `#about`, `#panel=map`: addresses within the page, of which none is a link to a study. */
const OTHER_ADDRESS = /^(?!s=)[a-z][\w-]*(=[\w-]*)?$/i;
/** Browsers and chats cut longer addresses. */
const LONGEST = 24_000;
/** Ten times the patch of a study that lists all 4,810 channels of a ResNet-18 by name fits into `LONGEST` at most. */
const MOST_INFLATED = 2 ** 19;
/** Deflate makes at most 1,032 bytes of one: as much as this is inflated before the limit is looked at again. */
const PIECE = 64;

export type DecodedLink =
  | { kind: 'none' }
  | { kind: 'bad'; problem: string }
  | { kind: 'study'; study: Study; preset: string; problems: string[] };

/**
 * The URL hash that restores `study`: only its difference from the nearest preset, so that links stay short.
 */
export function encodeLink(study: Study, known: readonly Preset[] = presets): string {
  const target = plain(study);
  const textOf = rememberTexts();
  const patches = known.map(({ id, study: base }) => {
    const patch = mergePatchBetween(plain(base), target, textOf);
    return { id, patch, size: patch === undefined ? 0 : patchSize(patch, textOf) };
  });
  const { id, patch } = patches.reduce((nearest, other) => (other.size < nearest.size ? other : nearest));
  if (patch === undefined) return `#s=${VERSION}.${id}`;
  const content = `${VERSION}.${id}.${pack(JSON.stringify(patch))}`;
  return `#s=${content}.${checksumOf(content)}`;
}

/** Whether a link is short enough to be read again, here or elsewhere: one with thousands of chosen images is not. */
export const fitsLink = (hash: string): boolean => hash.length <= LONGEST;

/**
 * Reads a URL hash. Never throws: an address that is no link to a study is `none`, an unreadable or damaged link `bad` with a
 * sentence, and a readable one gives a complete study, with a sentence in `problems` for every part that had to be dropped.
 * Mail programs that write `#s%3D1…` or `#S=1…`, break the line or put the address in brackets change nothing of it.
 */
export function decodeLink(hash: string, known: readonly Preset[] = presets): DecodedLink {
  const bad = (problem: string): DecodedLink => ({ kind: 'bad', problem });
  const text = plainHash(hash);
  if (text === '' || (text && OTHER_ADDRESS.test(text))) return { kind: 'none' };
  if (!fitsLink(hash))
    return bad(
      `The link has ${hash.length} characters, more than the ${LONGEST} that a link may have: open the study from its file instead.`,
    );
  const match = text && FORMAT.exec(text);
  if (!match) return bad('The link is damaged: it does not hold a study.');
  const [, version, id, packed, checksum] = match;
  if (Number(version) !== VERSION) return bad('The link was made by another version of Lethe.');
  if (checksum !== undefined && checksum !== checksumOf(`${version}.${id}.${packed}`))
    return bad('The link is damaged: it was cut off or changed on the way.');
  const preset = known.find((candidate) => candidate.id === id);
  if (!preset) return bad(`The link builds on a preset "${id}" that is not known here.`);
  let input = plain(preset.study);
  if (packed) {
    try {
      const json = parseBoundedJson(unpack(packed), { characters: MOST_INFLATED, depth: DEEPEST });
      input = applyPatch(input, json as Parameters<typeof applyPatch>[1]);
    } catch (error) {
      return bad(
        error instanceof RangeError
          ? `The link cannot be used: ${error.message}, which no study does.`
          : 'The link is damaged: it was cut off or changed on the way.',
      );
    }
  }
  const parsed = parseStudy(input);
  if (!parsed.ok) return bad(parsed.problem);
  return { kind: 'study', study: parsed.study, preset: preset.id, problems: parsed.problems };
}

/**
 * What stands behind the `#`, its percent signs decoded and the key in lower case; undefined where that is impossible. No link has spaces
 * or ends in anything but a letter, so what mail programs add is taken off: line breaks with the equals sign that marks them
 * (quoted-printable), a full stop, brackets or quotes around the address.
 */
function plainHash(hash: string): string | undefined {
  let text = hash.replace(/^#/, '');
  try {
    // What was escaped twice on its way is read too.
    for (let pass = 0; pass < 2 && text.length <= 3 * LONGEST && text.includes('%'); pass++)
      text = decodeURIComponent(text);
  } catch {
    return undefined;
  }
  return text
    .replace(/^s=(3D)?/i, 's=')
    .replace(/=?\s+/g, '')
    .replace(/[^\w=-]+$/, '');
}

/** Drops `undefined` fields, which JSON cannot say. */
function plain(study: Study) {
  return JSON.parse(JSON.stringify(study));
}

/** 36 bits of SHA-256. */
function checksumOf(content: string): string {
  return base64url(sha256(strToU8(content))).slice(0, 6);
}

function base64url(bytes: Uint8Array): string {
  return btoa(strFromU8(bytes, true)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function pack(text: string): string {
  return base64url(deflateSync(strToU8(text), { level: 9 }));
}

/** @throws RangeError as soon as more than `MOST_INFLATED` bytes have come out, other errors for what is no deflated text. */
function unpack(packed: string): string {
  const bytes = strToU8(atob(packed.replaceAll('-', '+').replaceAll('_', '/')), true);
  const pieces: Uint8Array[] = [];
  let size = 0;
  const inflate = new Inflate((piece) => {
    size += piece.length;
    if (size > MOST_INFLATED) throw new RangeError(`it inflates to more than ${MOST_INFLATED} bytes`);
    pieces.push(piece);
  });
  for (let at = 0; at < bytes.length; at += PIECE)
    inflate.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length);
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return strFromU8(whole);
}
