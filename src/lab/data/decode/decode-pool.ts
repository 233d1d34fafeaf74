import { LetheError } from '../../settings';
import type { Decoded, DecodeImages, Frame } from './decode';

/** Decodes some files at a time beside others that do the same. */
export interface DecodeWorker {
  /** The files are the worker's own: it may transfer them. */
  decode(files: Uint8Array<ArrayBuffer>[], frame: Frame): Promise<Decoded>;
  /** Ends it, whatever it does. */
  end(): void;
}

/** Images that one worker takes at a time; full-size photographs take some megabytes each. */
const MOST_AT_ONCE = 64;
/** Each worker gets about so many parts, so that all end at about the same time. */
const TURNS = 4;

/** A pool that decodes in up to `size` workers, started when the first image comes and kept until one call of it fails or is cancelled. */
export function decodePool(start: () => DecodeWorker, size: number): DecodeImages {
  let kept: DecodeWorker[] | undefined;
  return async (files, frame, { signal, nameOf = () => 'An image' } = {}) => {
    signal?.throwIfAborted();
    // A call that comes while these workers are busy starts workers of its own.
    const crew = kept ?? [];
    kept = undefined;
    const imageBytes = frame.height * frame.width * 3;
    const out = new Uint8Array(files.length * imageBytes);
    const atOnce = Math.min(MOST_AT_ONCE, Math.ceil(files.length / (size * TURNS)));
    let next = 0;
    let first: { index: number; why: string } | undefined;
    const work = async (number: number) => {
      while (next < files.length) {
        const from = next;
        next += atOnce;
        // Copied, because files are views of larger buffers, which would be transferred as a whole.
        const part = files.slice(from, from + atOnce).map((file) => new Uint8Array(file));
        const decoded = await (crew[number] ??= start()).decode(part, frame);
        if ('images' in decoded) out.set(decoded.images, from * imageBytes);
        else {
          // Files before this one are still being decoded and may be bad too: the first bad one is reported.
          next = files.length;
          const index = from + decoded.bad;
          if (!first || index < first.index) first = { index, why: decoded.why };
        }
      }
    };
    let cancel = () => {};
    const cancelled = new Promise<never>((_, reject) => {
      cancel = () => reject(signal!.reason);
    });
    signal?.addEventListener('abort', cancel);
    try {
      await Promise.race([Promise.all(Array.from({ length: size }, (_, number) => work(number))), cancelled]);
    } catch (error) {
      next = files.length;
      for (const worker of crew) worker?.end();
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
    if (kept) for (const worker of crew) worker?.end();
    else kept = crew;
    if (first) throw new LetheError(`${nameOf(first.index)} ${first.why}.`);
    return out;
  };
}
