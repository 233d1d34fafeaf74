import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { basename, extname, join, normalize, resolve, sep } from 'node:path';
import { tellsResults } from '../lab/session/progress-log';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.jsonl': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Where the folder's files stand beside the page. */
const FOLDER = '/folder/';

export interface Places {
  /** The folder that `lethe run` writes. */
  folder: string;
  /** The built page. */
  page: string;
}

/**
 * Serves the page and the results of a folder from one origin, for reading. Only for this machine's own browsers: whoever comes by
 * another name than localhost, as a page elsewhere whose name was pointed here would, is refused.
 */
export function serveFolder(places: Places): Server {
  return createServer((request, response) => {
    answer(places, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(404);
      response.end();
    });
  });
}

async function answer(places: Places, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, hostname } = new URL(request.url ?? '/', `http://${request.headers.host}`);
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (!local || request.method !== 'GET') {
    response.writeHead(local ? 405 : 403).end();
    return;
  }
  const path = decodeURIComponent(pathname);
  if (path === FOLDER) return sendListing(places.folder, response);
  if (path.startsWith(FOLDER)) {
    const name = path.slice(FOLDER.length);
    if (!tellsResults(name)) throw new Error('no file of results');
    return sendPart(join(places.folder, name), request.headers.range, response);
  }
  const file = resolve(places.page, `.${normalize(path === '/' ? '/index.html' : path)}`);
  if (!file.startsWith(resolve(places.page) + sep)) throw new Error('outside');
  response.writeHead(200, { 'content-type': typeOf(file), 'content-length': (await stat(file)).size });
  createReadStream(file).pipe(response);
}

async function sendListing(folder: string, response: ServerResponse): Promise<void> {
  const paths = await readdir(folder);
  for (const holder of ['parts', 'progress'])
    paths.push(...(await readdir(join(folder, holder)).catch(() => [])).map((name) => `${holder}/${name}`));
  const files = [];
  for (const path of paths.filter(tellsResults)) {
    // Removed since it was listed: so it is not there.
    const found = await stat(join(folder, path)).catch(() => undefined);
    if (found) files.push({ path, size: found.size, changed: found.mtimeMs });
  }
  send(response, 200, '.json', JSON.stringify({ name: basename(resolve(folder)), files }));
}

/** One range, as a log that grows is read. */
async function sendPart(path: string, range: string | undefined, response: ServerResponse): Promise<void> {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  if (from === undefined || to === undefined) return send(response, 200, extname(path), await readFile(path));
  const file = await open(path);
  try {
    const end = Math.min(Number(to) + 1, (await file.stat()).size);
    const bytes = new Uint8Array(Math.max(0, end - Number(from)));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, Number(from));
    send(response, 206, extname(path), bytes.subarray(0, bytesRead), {
      'content-range': `bytes ${from}-${Number(from) + bytesRead - 1}/*`,
    });
  } finally {
    await file.close();
  }
}

function send(
  response: ServerResponse,
  status: number,
  extension: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': typeOf(extension), 'cache-control': 'no-store', ...headers });
  response.end(body);
}

const typeOf = (path: string): string => TYPES[extname(path) || path] ?? 'application/octet-stream';
