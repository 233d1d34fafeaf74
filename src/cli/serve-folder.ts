import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { basename, extname, join, normalize, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { tellsResults } from '../lab/results/progress-log';
import { readFileRange } from '../lab/store/node';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.jsonl': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The two folders that are served. */
const FOLDER = '/folder/';

export interface Places {
  /** The folder that `lethe run` writes. */
  folder: string;
  /** The built page. */
  page: string;
}

/**
 * Serves the page and the results of a folder from one origin, for reading. Only for browsers of this machine: a foreign
 * page can point its own host name at this address (DNS rebinding), so requests by another name than localhost are refused.
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
  const found = await stat(file);
  if (!found.isFile()) throw new Error('no file');
  response.writeHead(200, { 'content-type': typeOf(file), 'content-length': found.size });
  await pipeline(createReadStream(file), response);
}

async function sendListing(folder: string, response: ServerResponse): Promise<void> {
  const paths = await readdir(folder);
  for (const holder of ['parts', 'progress'])
    paths.push(...(await readdir(join(folder, holder)).catch(() => [])).map((name) => `${holder}/${name}`));
  const files = [];
  for (const path of paths.filter(tellsResults)) {
    // The file was removed after it was listed: answered as not found.
    const found = await stat(join(folder, path)).catch(() => undefined);
    if (found) files.push({ path, size: found.size, changed: found.mtimeMs });
  }
  send(response, 200, '.json', JSON.stringify({ name: basename(resolve(folder)), files }));
}

/** A single range from a `Range` header, by which the page reads a growing log. */
async function sendPart(path: string, range: string | undefined, response: ServerResponse): Promise<void> {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  if (from === undefined || to === undefined) return send(response, 200, extname(path), await readFile(path));
  const start = Number(from);
  const end = Math.min(Number(to) + 1, (await stat(path)).size);
  const bytes = await readFileRange(path, start, Math.max(start, end));
  send(response, 206, extname(path), bytes, {
    'content-range': `bytes ${start}-${start + bytes.length - 1}/*`,
  });
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
