import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { ServerIdentity } from '../certificate/authority.ts';
import { labelSelector } from '../store/selector.ts';
import type { Store } from '../store/store.ts';
import type { Authenticator, User } from './authenticate.ts';
import { authorize, type Rule, type Verb } from './authorize.ts';
import { jsonBody } from './body.ts';
import { type ListParameters, parametersOf } from './parameters.ts';
import type { Registry } from './registry.ts';
import { StatusError } from './status.ts';
import { type Target, targetOf } from './target.ts';
import { streamChanges } from './watch.ts';

export interface ApiServerOptions {
  readonly identity: ServerIdentity;
  readonly store: Store;
  readonly registry: Registry;
  readonly authenticator: Authenticator;
  /** What each group may do. */
  readonly groups: () => Readonly<Record<string, readonly Rule[]>>;
  readonly version: string;
}

const applyContentType = 'application/apply-patch+yaml';
const watchSecondsDefault = 1800;
const pageMax = 500;
const open = new Set(['/livez', '/readyz', '/healthz']);

/** The Kubernetes API on its real paths: get, list, watch, server-side apply, delete. */
export function createApiServer(options: ApiServerOptions): Server {
  const { store, registry } = options;

  const permit = (user: User, verb: Verb, { group, kind, namespace, name }: Target): void =>
    authorize(user, options.groups(), { verb, group, resource: kind.plural, namespace, name });

  function list(target: Target, parameters: ListParameters, response: ServerResponse): void {
    const { kind, namespace } = target;
    const labels = labelSelector(parameters.labelSelector ?? '');
    const named = parameters.fieldSelector?.replace(/^[^=]*==?/, '');
    const matches = (object: { metadata: { name: string; labels?: Readonly<Record<string, string>> } }): boolean =>
      labels(object.metadata.labels ?? {}) && (named === undefined || object.metadata.name === named);
    if (parameters.watch) {
      const after = parameters.resourceVersion || undefined;
      const timeoutMs = (parameters.timeoutSeconds ?? watchSecondsDefault) * 1000;
      streamChanges(store, { kind: kind.kind, namespace, matches, after, timeoutMs }, response);
      return;
    }
    const { items, version } = store.list(kind.kind, namespace);
    const found = items.filter(matches);
    const start = Number(parameters.continue || '0');
    const page = found.slice(start, start + Math.min(parameters.limit || pageMax, pageMax));
    const next = start + page.length;
    const more = next < found.length ? { continue: String(next), remainingItemCount: found.length - next } : {};
    send(response, 200, {
      apiVersion: kind.apiVersion,
      kind: `${kind.kind}List`,
      metadata: { resourceVersion: String(version), ...more },
      items: page,
    });
  }

  async function patch(user: User, target: Target, request: IncomingMessage, query: URLSearchParams) {
    const { kind, namespace, name = '' } = target;
    permit(user, 'patch', target);
    const { fieldManager, force = false } = parametersOf('patch', query);
    if (request.headers['content-type']?.split(';')[0] !== applyContentType) {
      throw new StatusError('UnsupportedMediaType', `the body of the request must be ${applyContentType}`);
    }
    const body = await jsonBody(request);
    // Asked after the body has come, with nothing in between: what is there now is what the apply meets.
    if (!store.get(kind.kind, namespace, name)) permit(user, 'create', target);
    return registry.apply({ kind, namespace, name, body, manager: fieldManager, force });
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'https://kubernetes');
    if (request.method === 'GET' && open.has(url.pathname)) return void response.writeHead(200).end('ok');
    const user = await options.authenticator.authenticate(request.headers.authorization);
    if (request.method === 'GET' && url.pathname === '/version') {
      const [major, minor] = options.version.split('.');
      return send(response, 200, { major, minor, gitVersion: `v${options.version}.0-local` });
    }
    const target = targetOf(url.pathname);
    const { kind, namespace, name } = target;
    if (request.method === 'GET' && name === undefined) {
      const parameters = parametersOf('list', url.searchParams);
      permit(user, parameters.watch ? 'watch' : 'list', target);
      return list(target, parameters, response);
    }
    if (request.method === 'GET' && name !== undefined) {
      permit(user, 'get', target);
      parametersOf('get', url.searchParams);
      return send(response, 200, registry.get(kind, namespace, name));
    }
    if (request.method === 'PATCH' && name !== undefined) {
      const { object, created } = await patch(user, target, request, url.searchParams);
      return send(response, created ? 201 : 200, object);
    }
    if (request.method === 'DELETE' && name !== undefined) {
      permit(user, 'delete', target);
      parametersOf('delete', url.searchParams);
      request.resume();
      return send(response, 200, registry.delete(kind, namespace, name));
    }
    throw new StatusError('MethodNotAllowed', `this cluster does not offer ${request.method} on ${url.pathname}`);
  }

  return createServer({ key: options.identity.key, cert: options.identity.certificate }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy();
      const refused =
        error instanceof StatusError ? error : new StatusError('InternalError', 'the API server failed; see its log');
      if (!(error instanceof StatusError)) console.error('kubernetes: a request failed', error);
      request.resume();
      send(response, refused.code, refused.status);
    });
  });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.end(JSON.stringify(body));
}
