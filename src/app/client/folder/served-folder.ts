import * as v from 'valibot';
import { LetheError } from '../../../lab/settings';
import { FOLLOW_ADDRESS, type FolderFile, type ResultFolder } from './result-folder';

const LISTING = v.object({
  name: v.string(),
  files: v.array(v.object({ path: v.string(), size: v.number(), changed: v.number() })),
});

/**
 * The folder that `lethe follow` serves beside the page.
 * @param base where, with a `/` at its end
 * @throws LetheError where nobody serves one.
 */
export async function folderServed(base: string): Promise<ResultFolder> {
  const list = async () => {
    const response = await fetch(base, { cache: 'no-store' }).catch(() => undefined);
    const listing = response?.ok ? v.safeParse(LISTING, await response.json().catch(() => 0)) : undefined;
    if (listing?.success) return listing.output;
    throw new LetheError('There is no folder to follow here: lethe follow DIR serves one beside the page.');
  };
  return {
    name: (await list()).name,
    live: true,
    address: FOLLOW_ADDRESS,
    list: async () => (await list()).files.map((file) => ({ ...file, text: reader(base + file.path, file) })),
  };
}

function reader(url: string, { size }: Pick<FolderFile, 'size'>): FolderFile['text'] {
  return async (from = 0, to = size) => {
    if (from >= to) return '';
    const headers = { range: `bytes=${from}-${to - 1}` };
    const response = await fetch(url, { cache: 'no-store', headers });
    // It has become shorter than what was read of it.
    if (response.status === 416) return '';
    if (response.status !== 206) throw new LetheError('A file of the folder is not there any more.');
    return response.text();
  };
}
