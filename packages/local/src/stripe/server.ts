/**
 * A stand-in for Stripe on this machine: its API for the unmodified `stripe` package, its hosted pages for a browser, and
 * its webhooks, over one SQLite file. It does what a seller of subscriptions needs; what it does not do, it refuses.
 */

import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import Stripe from 'stripe';
import { type Api, serveApi } from './api/serve.ts';
import { startPassage } from './billing/passage.ts';
import { usageSchema } from './billing/usage.ts';
import { beginWork } from './billing/work.ts';
import { runControl } from './local-control.ts';
import { redirect } from './pages/page.ts';
import { servePage } from './pages/serve.ts';
import { recorderFor } from './recording.ts';
import { openDatabase } from './store/database.ts';
import { type RandomText, randomText } from './store/ids.ts';
import { settingsSchema } from './store/settings.ts';
import { startDeliveries } from './webhooks/deliver.ts';
import { type ConfiguredEndpoint, configureEndpoints } from './webhooks/endpoints.ts';
import { deliverySchema } from './webhooks/record.ts';
import { StripeError } from './wire/error.ts';
import { type Answer, header, json, readBody, send } from './wire/http.ts';
import { createIdempotencyKeys } from './wire/idempotency.ts';

export interface LocalStripeOptions {
  /** Where `stripe.db` lives. */
  readonly dir: string;
  /** The only key that is accepted: `sk_test_…`. */
  readonly secretKey: string;
  /** Signs events to endpoints that have no secret of their own: `whsec_…`. */
  readonly webhookSecret: string;
  readonly endpoints?: readonly EndpointOptions[];
  /** The address of the hosted pages, when it is not that of `listen`. */
  readonly baseUrl?: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly random?: RandomText;
  /** Milliseconds before a failed delivery is tried again; every further wait is twice as long. */
  readonly retryFirstMs?: number;
}

export type EndpointOptions = Omit<ConfiguredEndpoint, 'secret'> & { readonly secret?: string };

export interface LocalStripe {
  /** Listens on this machine alone; port 0 chooses one. @returns the base URL, `http://127.0.0.1:<port>` */
  listen(port: number): Promise<string>;
  /** Replaces the endpoints that were given at start. */
  setEndpoints(endpoints: readonly EndpointOptions[]): void;
  close(): Promise<void>;
}

const RETRY_FIRST_MS = 1000;

/** A form of a foreign page may reach this machine's ports; a browser says so. */
function refuseForeign(request: IncomingMessage): void {
  const site = header(request, 'sec-fetch-site');
  if (request.method === 'POST' && site !== undefined && site !== 'same-origin' && site !== 'none')
    throw new StripeError(403, 'This address takes no requests from other sites.');
}

export function createLocalStripe(options: LocalStripeOptions): LocalStripe {
  const {
    dir,
    secretKey,
    webhookSecret,
    endpoints = [],
    now = Date.now,
    random = randomText,
    retryFirstMs = RETRY_FIRST_MS,
  } = options;
  mkdirSync(dir, { recursive: true });
  const store = openDatabase(join(dir, 'stripe.db'));
  store.sql.exec(deliverySchema);
  store.sql.exec(usageSchema);
  store.sql.exec(settingsSchema);
  let baseUrl = options.baseUrl ?? '';
  const deliveries = startDeliveries({ store, now, retryFirstMs });
  const api: Api = {
    store,
    now,
    random,
    baseUrl: () => baseUrl,
    secretKey,
    keys: createIdempotencyKeys(store),
    changed,
    record: recorderFor(process.env.TENANTRY_STRIPE_RECORDING),
  };
  const nobody = { id: null, idempotencyKey: null, apiVersion: Stripe.API_VERSION };
  const passage = startPassage(api, () => deliveries.wake());

  function changed(): void {
    passage.catchUp();
    passage.wake();
    deliveries.wake();
  }

  function setEndpoints(given: readonly EndpointOptions[]): void {
    configureEndpoints(
      api,
      given.map((endpoint) => ({ ...endpoint, secret: endpoint.secret ?? webhookSecret })),
    );
    deliveries.wake();
  }

  async function control(request: IncomingMessage, url: URL): Promise<Answer> {
    const text = request.method === 'POST' ? await readBody(request) : '';
    const isForm = header(request, 'content-type')?.startsWith('application/x-www-form-urlencoded') ?? false;
    const body = isForm ? Object.fromEntries(new URLSearchParams(text)) : readJson(text);
    const result = store.transaction(() =>
      runControl(beginWork(api, nobody), now(), request.method ?? 'GET', url.pathname, body),
    );
    changed();
    if (result instanceof StripeError) return json(result.status, result.render());
    return isForm ? redirect('/') : json(200, result);
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const url = URL.parse(request.url ?? '/', 'http://local.invalid');
    if (!url) throw new StripeError(400, 'The address is malformed.');
    passage.catchUp();
    if (url.pathname.startsWith('/v1/') || url.pathname.startsWith('/v2/')) return serveApi(api, request, url);
    refuseForeign(request);
    if (url.pathname.startsWith('/_local/')) return control(request, url);
    const shown = await servePage(api, request, url);
    if (request.method === 'POST') changed();
    return shown;
  }

  const server = createServer((request, response) => {
    answer(request)
      .catch((error: unknown) => {
        if (error instanceof StripeError) return json(error.status, error.render());
        if (!request.destroyed) console.error(`local Stripe failed on ${request.method} ${request.url}:`, error);
        return json(500, new StripeError(500, 'An unknown error occurred', {}, 'api_error').render());
      })
      .then((found) => send(response, found, request.method !== 'HEAD'));
  });

  setEndpoints(endpoints);
  return {
    async listen(port) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', resolve);
      });
      const address = server.address();
      const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`;
      if (baseUrl === '') baseUrl = url;
      changed();
      return url;
    },
    setEndpoints,
    async close() {
      passage.close();
      await deliveries.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      store.close();
    },
  };
}

function readJson(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new StripeError(400, 'The request body is not JSON.');
  }
}
