import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml',
};

/** Answers a request, or says that it is not its own. */
export type SiteHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** The page of all paths that are no file: the application finds out by itself what they are. */
const FALLBACK = '/app.html';

/**
 * Serves a built site as SST's router does: files as they are, pages without their `.html` or `/index.html`, 404 for a missing file and for what
 * lies in a folder and is not there, and the application for everything else. What the build put under `/assets/` has a hash in its name and is cached for good, the rest is asked for anew.
 */
export function createStaticSite({ folder }: { readonly folder: string }): SiteHandler {
  async function load(pathname: string): Promise<{ file: string; content: Buffer } | undefined> {
    const file = resolveInside(pathname);
    if (file === undefined) return undefined;
    try {
      const [root, real] = await Promise.all([realpath(folder), realpath(file)]);
      // A link that leads out of the folder is no file of the site.
      if (!real.startsWith(root + sep)) return undefined;
      return { file: real, content: await readFile(real) };
    } catch {
      return undefined;
    }
  }

  async function isFolder(pathname: string): Promise<boolean> {
    const path = resolveInside(pathname);
    return path !== undefined && (await stat(path).catch(() => undefined))?.isDirectory() === true;
  }

  async function find(pathname: string): Promise<{ file: string; content: Buffer } | undefined> {
    // A dot in the last segment names a file.
    if (pathname.slice(pathname.lastIndexOf('/')).includes('.')) return load(pathname);
    const names = pathname.endsWith('/') ? ['index.html'] : ['.html', '/index.html'];
    for (const name of names) {
      const found = await load(pathname + name);
      if (found) return found;
    }
    const [, first = ''] = pathname.split('/');
    return first !== '' && (await isFolder(first)) ? undefined : load(FALLBACK);
  }

  function resolveInside(pathname: string): string | undefined {
    const segments = pathname.split('/').filter((segment) => segment !== '');
    const hidden = segments.some(
      (segment) => segment.startsWith('.') || segment.includes('\\') || segment.includes('\0'),
    );
    return hidden ? undefined : join(folder, ...segments);
  }

  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    let pathname: string;
    try {
      pathname = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    } catch {
      response.writeHead(400).end();
      return;
    }
    const found = await find(pathname);
    if (found === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found\n');
      return;
    }
    const etag = `"${createHash('sha256').update(found.content).digest('base64url').slice(0, 27)}"`;
    const fields = {
      etag,
      'content-type': contentTypes[extname(found.file)] ?? 'application/octet-stream',
      'cache-control': pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    };
    const known = (request.headers['if-none-match'] ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
    if (known.includes(etag) || known.includes('*')) {
      response.writeHead(304, fields).end();
      return;
    }
    response.writeHead(200, { ...fields, 'content-length': found.content.byteLength });
    response.end(request.method === 'HEAD' ? undefined : found.content);
  };
}
