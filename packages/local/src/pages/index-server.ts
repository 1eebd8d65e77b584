import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { html } from './html.ts';
import type { IndexModel } from './index-model.ts';
import { type Page, renderDocument } from './layout.ts';
import { streamLogs } from './log-stream.ts';
import { callsPage } from './views/calls.ts';
import { executionPage, executionsPage } from './views/executions.ts';
import { functionsPage } from './views/functions.ts';
import { kubernetesPage } from './views/kubernetes.ts';
import { logsPage, readLogQuery } from './views/logs.ts';
import { mailMarkup, mailPage, mailPolicy, mailsPage } from './views/mails.ts';
import { overviewPage } from './views/overview.ts';
import { schedulesPage } from './views/schedules.ts';
import { tablePage, tablesPage } from './views/tables.ts';

export interface IndexServer {
  /** `http://localhost:<port>` */
  readonly url: string;
  close(): Promise<void>;
}

const assets = {
  '/assets/style.css': 'text/css; charset=utf-8',
  '/assets/client.js': 'text/javascript; charset=utf-8',
  '/assets/icon.svg': 'image/svg+xml',
} as const satisfies Readonly<Record<string, string>>;

const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  // With `no-referrer` browsers send `Origin: null`, and the page's own actions could not be told from others'.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

const localHosts = /^(localhost|[a-z0-9-]+\.localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/**
 * The index page of the local cloud, on loopback only. It shows tenants' data and can start schedules, so it answers
 * only to a local host name, and takes actions only from its own pages.
 */
export async function listenIndex(port: number, model: IndexModel, now: () => number = Date.now): Promise<IndexServer> {
  const streams = new Set<() => void>();
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      if (response.headersSent) response.end();
      else
        sendPage(response, {
          title: 'Something failed',
          section: '',
          body: html`<p class="problem">${text}</p>`,
          status: 500,
        });
    });
  });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!localHosts.test(request.headers.host ?? '')) {
      response.writeHead(403, securityHeaders).end('This page answers to a local host name only.\n');
      return;
    }
    const url = new URL(request.url ?? '/', 'http://localhost');
    const { pathname, searchParams } = url;
    if (request.method === 'POST') return act(request, response, pathname);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { ...securityHeaders, allow: 'GET, HEAD, POST' }).end();
      return;
    }
    if (isAsset(pathname)) {
      const content = await readFile(new URL(`.${pathname}`, import.meta.url));
      response.writeHead(200, { ...securityHeaders, 'content-type': assets[pathname] }).end(content);
      return;
    }
    if (pathname === '/logs/tail') {
      streamLogs({ request, response, model, query: readLogQuery(searchParams), headers: securityHeaders, streams });
      return;
    }
    const markup = mailMarkup(/^\/mails\/([\w-]+)\/html$/.exec(pathname)?.[1] ?? '');
    if (markup !== undefined) {
      const headers = { ...securityHeaders, 'content-security-policy': mailPolicy };
      response.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8' }).end(markup);
      return;
    }
    const missing: Page = {
      title: 'Not found',
      section: '',
      body: html`<p>There is nothing at this address. <a href="/">Overview</a></p>`,
      status: 404,
    };
    sendPage(response, (await findPage(pathname, searchParams)) ?? missing);
  }

  async function findPage(pathname: string, search: URLSearchParams): Promise<Page | undefined> {
    const [, section = '', id] = pathname.split('/', 3);
    if (id !== undefined) {
      const name = decode(id);
      if (name === undefined) return undefined;
      if (section === 'tables') return tablePage(model, name);
      if (section === 'executions') return executionPage(model, name, now());
      if (section === 'mails') return mailPage(name);
      return undefined;
    }
    if (section === '') return overviewPage(model);
    if (section === 'tables') return tablesPage(model);
    if (section === 'executions') return executionsPage(model);
    if (section === 'functions') return functionsPage(model);
    if (section === 'logs') return logsPage(model, readLogQuery(search));
    if (section === 'calls') return callsPage(model, search.get('denied') === '1');
    if (section === 'mails') return mailsPage();
    if (section === 'kubernetes') return kubernetesPage(model);
    if (section !== 'schedules') return undefined;
    const ran = search.get('ran');
    const known = ran !== null && (await model.schedules()).some((one) => one.name === ran);
    return schedulesPage(model, known ? { text: `${ran} was run.`, failed: false } : undefined);
  }

  async function act(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> {
    // The body is of no use, but the connection is kept alive only when it is read.
    request.resume();
    const own = request.headers.origin === `http://${request.headers.host}`;
    const name = decode(/^\/schedules\/([^/]+)\/run$/.exec(pathname)?.[1] ?? '');
    if (!own || name === undefined || name === '') {
      response.writeHead(own ? 404 : 403, securityHeaders).end();
      return;
    }
    try {
      await model.runSchedule(name);
      response.writeHead(303, { ...securityHeaders, location: `/schedules?ran=${encodeURIComponent(name)}` }).end();
    } catch (error) {
      const text = `${name} could not be run: ${error instanceof Error ? error.message : String(error)}`;
      sendPage(response, { ...(await schedulesPage(model, { text, failed: true })), status: 502 });
    }
  }

  function sendPage(response: ServerResponse, page: Page): void {
    const text = renderDocument(page, { kubernetes: model.kubernetes !== undefined });
    response
      .writeHead(page.status ?? 200, { ...securityHeaders, 'content-type': 'text/html; charset=utf-8' })
      .end(text);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close() {
      for (const stop of streams) stop();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function isAsset(pathname: string): pathname is keyof typeof assets {
  return Object.hasOwn(assets, pathname);
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
