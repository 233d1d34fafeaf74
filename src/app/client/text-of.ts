import { decodeText } from '../../lab/text';

/** The text of a file that an editor or a shell wrote, in UTF-8 or UTF-16: `Blob.text` knows UTF-8 alone. */
export const textOf = async (file: Blob): Promise<string> =>
  decodeText(new Uint8Array(await file.arrayBuffer()));
