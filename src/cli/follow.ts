import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { LetheError } from '../lab/settings';
import type { Command } from './command';
import { readNumber } from './inputs';
import { serveFolder } from './serve-folder';
import { inFolder } from './study-folder';

const MOST_PORT = 65_535;

export const followCommand: Command = {
  name: 'follow',
  summary: 'Serves the page with the results of a run, also of one that is at work.',
  positional: { usage: '<DIR>', most: 1 },
  options: { port: { value: 'N', help: 'where; default: a free one' } },
  notes: [
    'DIR is what lethe run --out was given. The page shows what is found as it is found; a finished run is shown as a whole.',
    'Only browsers on this machine reach it. For a run on another machine, there: lethe follow DIR --port 8123; here:',
    'ssh -L 8123:localhost:8123 MACHINE, and open http://localhost:8123/#follow. Ctrl-C ends it, not the run.',
  ],
  async run(args, { root, stdout, signal }) {
    const [folder] = args.positional;
    if (!folder) throw new LetheError('lethe follow needs the folder that lethe run writes.');
    if (!existsSync(inFolder.study(folder)))
      throw new LetheError(`${folder} holds no study.json: lethe run has not begun there.`);
    const given = args.text('port');
    const port = given === undefined ? 0 : readNumber('port', given, 'whole');
    if (port > MOST_PORT) throw new LetheError(`--port must lie between 0 and ${MOST_PORT}, not ${port}.`);
    const page = join(root, 'dist');
    if (!existsSync(join(page, 'index.html')))
      throw new LetheError('The page has not been built here: in a clone of Lethe npm run build makes it.');
    const server = serveFolder({ folder, page });
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', resolve);
      }).catch((error: NodeJS.ErrnoException) => {
        const why = { EADDRINUSE: 'is taken', EACCES: 'is kept for the system' }[error.code ?? ''];
        throw why ? new LetheError(`Port ${port} ${why}: give another --port.`) : error;
      });
      stdout(`http://localhost:${(server.address() as AddressInfo).port}/#follow\n`);
      if (!signal.aborted)
        await new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },
};
