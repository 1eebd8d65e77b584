import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathPrefixes } from '@tenantry/core/contract/routes';
import { createPathPattern } from './path-pattern.ts';
import { createRequestFunction } from './request-function.ts';
import type { SiteHandler } from './static-site.ts';

/** A middleware in the manner of connect, such as a Vite development server's. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

/** The paths of the domain that belong to the API. */
export const apiPathPatterns = pathPrefixes.flatMap((prefix) => [prefix, `${prefix}/*`]);

export interface Edge {
  /** For a development server that upgrades connections of this port to web sockets. */
  readonly server: Server;
  /** @returns the URL. A port of 0 takes a free one. */
  listen(port: number, host?: string): Promise<string>;
  /** Replaces the site. */
  setSite(site: SiteHandler): void;
  close(): Promise<void>;
}

/**
 * What a content delivery network does for the deployed domain: one origin for everything, the first pattern that
 * matches decides, and what matches none is the site.
 */
export function createEdge(options: {
  readonly api: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly site: SiteHandler;
  readonly apiPaths?: readonly string[];
  /** Put on every answer, as the domain's policy does. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the domain's function does to a request, in CloudFront's JavaScript; nothing unless told. */
  readonly requestFunction?: string;
  /** Told when an origin fails. */
  readonly onError?: (request: IncomingMessage, error: unknown) => void;
}): Edge {
  const patterns = (options.apiPaths ?? apiPathPatterns).map(createPathPattern);
  const prepare = createRequestFunction(options.requestFunction ?? '');
  let site = options.site;

  const server = createServer(async (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const handle = patterns.some((matches) => matches(path)) ? options.api : site;
    for (const [name, value] of Object.entries(options.headers ?? {})) response.setHeader(name, value);
    try {
      prepare(request);
      await handle(request, response);
    } catch (error) {
      options.onError?.(request, error);
      if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain; charset=utf-8' });
      response.end('The origin did not answer.\n');
    }
  });

  return {
    server,
    listen(port, host = '127.0.0.1') {
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve(`http://localhost:${(server.address() as AddressInfo).port}`);
        });
      });
    },
    setSite(next) {
      site = next;
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/**
 * The site as a development server gives it. Such a server writes scripts and styles into its pages, so it goes without the policy that
 * forbids that.
 */
export function createMiddlewareSite(middleware: Middleware): SiteHandler {
  return (request, response) =>
    new Promise((resolve, reject) => {
      response.removeHeader('content-security-policy');
      response.once('close', resolve);
      middleware(request, response, (error) => {
        if (error !== undefined && error !== null) reject(error);
        else response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found\n');
      });
    });
}
