import { parentPort } from 'node:worker_threads';
import { decodeOnThread } from '../../src/cli/decode-sharp';
import { type DataFile, memoryFile } from '../../src/lab/data/data-file';
import { collectStream } from '../../src/lab/data/image-stream';
import { openFiles } from '../../src/lab/data/open';
import { readIndexList } from '../../src/lab/forget/index-lists/recognise';
import { openTensors } from '../../src/lab/nn/checkpoints/recognise';
import { LetheError } from '../../src/lab/settings';

/** What a file is read as. */
export type Reader = 'data' | 'checkpoint' | 'list';

export interface FuzzCase {
  reader: Reader;
  files: { path: string; bytes: Uint8Array }[];
}

export interface FuzzAnswer {
  outcome: 'read' | 'refused' | 'broken';
  /** The sentence, or the stack of an error that is none. */
  text: string;
}

const READERS: Record<Reader, (files: DataFile[]) => Promise<unknown>> = {
  async data(files) {
    await collectStream(await openFiles(files, 'mine', decodeOnThread), 'mine');
  },
  async checkpoint([file]) {
    const { tensors } = await openTensors(file!.content);
    for (const tensor of tensors.values()) await tensor.read();
  },
  async list([file]) {
    await readIndexList(file!.content, file!.path, { count: 60, which: 'forget' });
  },
};

parentPort!.on('message', async ({ reader, files }: FuzzCase) => {
  parentPort!.postMessage('started');
  let answer: FuzzAnswer = { outcome: 'read', text: '' };
  try {
    await READERS[reader](files.map(({ path, bytes }) => memoryFile(path, bytes)));
  } catch (error) {
    answer =
      error instanceof LetheError
        ? { outcome: 'refused', text: error.message }
        : { outcome: 'broken', text: (error as Error).stack ?? String(error) };
  }
  parentPort!.postMessage(answer);
});
