/** One call of the API, from its headers to its answer. */

import type { IncomingMessage } from 'node:http';
import Stripe from 'stripe';
import * as z from 'zod';
import { beginWork, type WorkOptions } from '../billing/work.ts';
import type { Recorder } from '../recording.ts';
import { authenticateKey } from '../wire/authentication.ts';
import { invalid, StripeError } from '../wire/error.ts';
import { decodeForm, type FormFields } from '../wire/form.ts';
import { type Answer, header, json, readBody } from '../wire/http.ts';
import { fingerprintOf, type IdempotencyKeys, type StoredAnswer } from '../wire/idempotency.ts';
import { list, readParams, text } from '../wire/params.ts';
import { expand } from './expand.ts';
import { matchPath, type PathIds, type Route } from './route.ts';
import { routes } from './routes.ts';

export interface Api extends WorkOptions {
  readonly secretKey: string;
  readonly keys: IdempotencyKeys;
  /** Told after each call that may have made events. */
  readonly changed: () => void;
  readonly record?: Recorder | undefined;
}

const expandSchema = z.object({ expand: list(text()).optional() });

function findRoute(method: string, path: string): { route: Route; ids: PathIds } {
  for (const route of routes) {
    const ids = route.method === method ? matchPath(route.path, path) : undefined;
    if (ids) return { route, ids };
  }
  throw new StripeError(404, `Unrecognized request URL (${method}: ${path}). The local Stripe does not have it.`);
}

function readVersion(given: string | undefined): string {
  if (given === undefined) return Stripe.API_VERSION;
  if (!/^\d{4}-\d{2}-\d{2}(\.[a-z_]+)?$/.test(given))
    throw invalid(`Invalid Stripe API version: ${given.slice(0, 50)}`);
  return given;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly tree: FormFields;
  readonly fingerprint: string;
  readonly key: string | undefined;
  readonly requestId: string;
  readonly apiVersion: string;
}

/** Does the call in one transaction with the answer that its key keeps. Refused parameters are not kept: they did nothing. */
function execute(api: Api, call: Call): StoredAnswer {
  const { route, ids } = findRoute(call.method, call.path);
  const { expand: wanted, ...tree } = call.tree;
  const paths = readParams(expandSchema, wanted === undefined ? {} : { expand: wanted }).expand ?? [];
  const run = route.read(tree);
  const { store } = api;
  const answerWith = (status: number, body: object): StoredAnswer => ({
    status,
    body: JSON.stringify(body, null, 2),
    requestId: call.requestId,
  });
  const keep = (answer: StoredAnswer, now: number) => {
    if (call.key !== undefined) api.keys.keep(call.key, call.fingerprint, answer, now);
    return answer;
  };
  const seconds = Math.floor(api.now() / 1000);
  try {
    return store.transaction(() => {
      const work = beginWork(api, {
        id: call.requestId,
        idempotencyKey: call.key ?? null,
        apiVersion: call.apiVersion,
      });
      const result = run(work, ids);
      const answer =
        result instanceof StripeError
          ? answerWith(result.status, result.render())
          : answerWith(200, expand(work, result, paths));
      return keep(answer, work.now);
    });
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    const answer = answerWith(error.status, error.render());
    return error.status === 429 ? answer : keep(answer, seconds);
  }
}

/** What is only locked for now is worth another try, which the client then makes by itself. */
const retryHint = (status: number): Record<string, string> => (status === 429 ? { 'stripe-should-retry': 'true' } : {});

/** Answers a call; every failure is an answer of Stripe's shape. */
export async function serveApi(api: Api, request: IncomingMessage, url: URL): Promise<Answer> {
  const requestId = `req_${api.random(14)}`;
  const method = request.method ?? 'GET';
  const key = method === 'POST' ? header(request, 'idempotency-key') : undefined;
  let claimed = false;
  let headers: Record<string, string> = {
    'request-id': requestId,
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  };
  try {
    authenticateKey(header(request, 'authorization'), api.secretKey);
    const apiVersion = readVersion(header(request, 'stripe-version'));
    headers = { ...headers, 'stripe-version': apiVersion };
    if (key !== undefined) {
      api.keys.claim(key);
      claimed = true;
    }
    const body = await readBody(request);
    const path = url.pathname;
    const fingerprint = fingerprintOf(method, path, body);
    const replay = key === undefined ? undefined : api.keys.find(key, fingerprint, Math.floor(api.now() / 1000));
    if (replay) {
      const repeated = {
        ...headers,
        'idempotent-replayed': 'true',
        'original-request': replay.requestId,
        'content-type': 'application/json',
      };
      return { status: replay.status, headers: repeated, body: replay.body };
    }
    const parameters = method === 'POST' ? body : url.search.slice(1);
    const tree = decodeForm(parameters);
    const answer = execute(api, { method, path, tree, fingerprint, key, requestId, apiVersion });
    api.record?.({ method, path, parameters, status: answer.status, answer: answer.body });
    api.changed();
    const type = { 'content-type': 'application/json' };
    return { status: answer.status, headers: { ...headers, ...retryHint(answer.status), ...type }, body: answer.body };
  } catch (error) {
    if (error instanceof StripeError) return json(error.status, error.render(), headers);
    console.error(`local Stripe failed on ${method} ${url.pathname} (${requestId}):`, error);
    return json(500, new StripeError(500, 'An unknown error occurred', {}, 'api_error').render(), headers);
  } finally {
    if (claimed && key !== undefined) api.keys.release(key);
  }
}
