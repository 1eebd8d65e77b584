import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Authenticator, User } from '../api/authenticate.ts';
import { StatusError } from '../api/status.ts';
import type { ServerIdentity } from '../certificate/authority.ts';
import type { Open } from './connection.ts';

/** Of a call, only these headers go on; who calls is said by this server alone. */
const passedOn = ['accept', 'content-type', 'content-length', 'transfer-encoding', 'user-agent'] as const;

function headersOf(request: IncomingMessage, user: User): Record<string, string | string[]> {
  const given = passedOn.flatMap((name) => {
    const value = request.headers[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(given),
    'impersonate-user': user.username,
    ...(user.groups.length > 0 ? { 'impersonate-group': [...user.groups] } : {}),
  };
}

/**
 * An API server that knows EKS's tokens, in front of a cluster that does not: it finds out who calls as EKS does, and passes the call on in that
 * one's name, so that the cluster's own roles and admission decide.
 */
export function createForwardingServer(options: {
  readonly identity: ServerIdentity;
  readonly authenticator: Authenticator;
  readonly open: Open;
}): Server {
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const user = await options.authenticator.authenticate(request.headers.authorization);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const answer = await options.open({
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: headersOf(request, user),
      body: request,
      signal: gone.signal,
    });
    response.writeHead(answer.statusCode ?? 502, {
      'content-type': answer.headers['content-type'] ?? 'application/json',
      'cache-control': 'no-cache, private',
    });
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  }

  return createServer({ key: options.identity.key, cert: options.identity.certificate }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return void response.destroy();
      const refused =
        error instanceof StatusError
          ? error
          : new StatusError(
              'ServiceUnavailable',
              `the cluster does not answer: ${error instanceof Error ? error.message : error}`,
            );
      request.resume();
      response.writeHead(refused.code, { 'content-type': 'application/json' });
      response.end(JSON.stringify(refused.status));
    });
  });
}
