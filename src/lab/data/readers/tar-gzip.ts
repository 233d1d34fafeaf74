import { LetheError } from '../../settings';
import type { DataFile } from '../data-file';
import { inflated, type Pieces, tooMuchInside } from '../unpacked';
import { announcedSizes, filesOfTar, isTarHeader } from './tar';

/**
 * The files of a tar in gzip, unpacked in memory.
 * @throws LetheError when it is damaged, cut off, holds something else, or more than the limit
 */
export async function filesOfTarGzip({ path, content }: DataFile, limit: number): Promise<DataFile[]> {
  const announced = announcedSizes();
  const onPiece = (pieces: Pieces) => {
    // Each file's size stands before its bytes.
    if (announced(pieces) > limit) throw tooMuchInside(path, limit);
  };
  const tar = await inflated(content, 'gzip', { path, limit, onPiece }).catch((error: unknown) => {
    if (error instanceof LetheError) throw error;
    throw new LetheError(`${path} is damaged or cut off: it cannot be unpacked.`);
  });
  const start = new Uint8Array(await tar.slice(0, Math.min(512, tar.byteLength)));
  if (!isTarHeader(start) && start.some((byte) => byte !== 0))
    throw new LetheError(
      `${path} is packed with gzip, but what is in it is no tar: unpack it, and open the file in it.`,
    );
  return filesOfTar({ path, content: tar });
}
