import { parentPort } from 'node:worker_threads';
import type { Frame } from '../lab/data/decode/decode';
import { decodeFiles } from './decode-sharp';

/** A worker of the pool in `decoder.ts`: each message is answered with a `Decoded`. */
parentPort!.on('message', async ({ files, frame }: { files: Uint8Array[]; frame: Frame }) => {
  const decoded = await decodeFiles(files, frame);
  parentPort!.postMessage(decoded, 'images' in decoded ? [decoded.images.buffer] : []);
});
