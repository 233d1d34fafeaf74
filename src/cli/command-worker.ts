import { parentPort, workerData } from 'node:worker_threads';
import { main } from './main';

/** What the command's thread tells the process around it. */
export interface Said {
  stdout?: string;
  stderr?: string;
  /** It has heard that it should stop. */
  hears?: true;
  /** The exit code: the command is done. */
  code?: number;
}

const { argv, root, interactive } = workerData as { argv: string[]; root: string; interactive: boolean };
const say = (said: Said) => parentPort!.postMessage(said);
const interrupt = new AbortController();
// Its only message.
parentPort!.on('message', () => {
  say({ hears: true });
  interrupt.abort();
});
const code = await main(argv, {
  root,
  stdout: (stdout) => say({ stdout }),
  stderr: (stderr) => say({ stderr }),
  interactive,
  signal: interrupt.signal,
});
say({ code });
