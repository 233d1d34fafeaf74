import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

export interface Site {
  url: string;
  /** Paths that were asked for and are not there. */
  missing: string[];
  close(): Promise<void>;
}

/**
 * Serves the built page as a plain static host does, under a sub-path and without special headers.
 * @param extra files that stand in for, or beside, the built ones, by path
 * @param headers of every answer
 */
export async function serveSite(
  extra: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Site> {
  const prefix = '/some/where/';
  const missing: string[] = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const path = pathname.startsWith(prefix) ? pathname.slice(prefix.length) || 'index.html' : undefined;
    try {
      if (path === undefined || normalize(path).startsWith('..')) throw new Error('outside');
      const body = extra[path] ?? (await readFile(join('dist', path)));
      response
        .writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', ...headers })
        .end(body);
    } catch {
      missing.push(pathname);
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${prefix}`,
    missing,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
