import { createHash } from 'node:crypto';
import { GatewayError } from './gateway-error.ts';
import type { HttpEvent } from './http-event.ts';
import type { Authorizer } from './route.ts';

type LambdaAuthorizer = Extract<Authorizer, { type: 'lambda' }>;
type Context = Readonly<Record<string, unknown>> | null;

export interface LambdaAuthorizers {
  /**
   * Asks the authorizer's function, or its cache.
   * @returns what the function finds under `requestContext.authorizer.lambda`.
   * @throws {GatewayError} `UNAUTHORIZED` without the identity, `FORBIDDEN` when denied, `INTERNAL_ERROR` when the
   *   authorizer fails or answers in another shape.
   */
  authorize(authorizer: LambdaAuthorizer, event: HttpEvent, routeArn: string): Promise<Context>;
  /** Forgets every cached answer. */
  reset(): void;
}

interface CachedAnswer {
  readonly isAuthorized: boolean;
  readonly context: Context;
  readonly expiresAt: number;
}

const CACHE_MAX = 10_000;

/** Lambda authorizers with payload format 2.0 and simple responses, cached by authorizer and identity. */
export function createLambdaAuthorizers(options: {
  readonly now: () => number;
  readonly invoke: (functionArn: string, payload: unknown) => Promise<{ payload: unknown; functionError?: string }>;
}): LambdaAuthorizers {
  const { now, invoke } = options;
  const cache = new Map<string, CachedAnswer>();

  async function ask(authorizer: LambdaAuthorizer, event: HttpEvent, identity: readonly string[], routeArn: string) {
    const { version, ...rest } = event;
    const payload = { version, type: 'REQUEST', routeArn, identitySource: identity, ...rest };
    const result = await invoke(authorizer.functionArn, payload).catch((error: unknown) => {
      throw new GatewayError('INTERNAL_ERROR', `the authorizer could not be invoked: ${String(error)}`);
    });
    if (result.functionError !== undefined) throw new GatewayError('INTERNAL_ERROR', 'the authorizer failed');
    return readAnswer(result.payload);
  }

  return {
    async authorize(authorizer, event, routeArn) {
      const identity = authorizer.identitySources.map((source) => identityValue(source, event));
      const present = identity.filter((value) => value !== undefined && value !== '') as string[];
      if (present.length < identity.length) throw new GatewayError('UNAUTHORIZED', 'the identity source is missing');
      const cached = authorizer.ttlSeconds > 0 && authorizer.identitySources.length > 0;
      const key = cacheKey(authorizer, present);
      let answer = cached ? cache.get(key) : undefined;
      if (answer === undefined || answer.expiresAt <= now()) {
        answer = {
          ...(await ask(authorizer, event, present, routeArn)),
          expiresAt: now() + authorizer.ttlSeconds * 1000,
        };
        if (cached) remember(cache, key, answer);
      }
      if (!answer.isAuthorized) throw new GatewayError('FORBIDDEN', 'the authorizer denied');
      return answer.context;
    },
    reset: () => cache.clear(),
  };
}

function remember(cache: Map<string, CachedAnswer>, key: string, answer: CachedAnswer): void {
  cache.delete(key);
  cache.set(key, answer);
  const [oldest] = cache.keys();
  if (cache.size > CACHE_MAX && oldest !== undefined) cache.delete(oldest);
}

/** A digest, since identities are API keys and tokens. */
function cacheKey(authorizer: LambdaAuthorizer, identity: readonly string[]): string {
  const text = JSON.stringify([authorizer.functionArn, authorizer.identitySources, authorizer.ttlSeconds, identity]);
  return createHash('sha256').update(text).digest('base64');
}

/** @throws {Error} for a kind of source that is not known. */
export function identityValue(source: string, event: HttpEvent): string | undefined {
  const [, kind, name = ''] = /^\$(request\.header|request\.querystring|context)\.(.+)$/.exec(source) ?? [];
  if (kind === 'request.header') return event.headers[name.toLowerCase()];
  if (kind === 'request.querystring') return event.queryStringParameters?.[name];
  if (kind === 'context' && name === 'routeKey') return event.routeKey;
  throw new Error(`Unknown identity source: ${source}`);
}

function readAnswer(answer: unknown): { isAuthorized: boolean; context: Context } {
  if (typeof answer !== 'object' || answer === null || !('isAuthorized' in answer)) throw malformed();
  const { isAuthorized } = answer;
  const context = 'context' in answer ? answer.context : null;
  if (typeof isAuthorized !== 'boolean' || typeof context !== 'object' || Array.isArray(context)) throw malformed();
  return { isAuthorized, context: context as Context };
}

function malformed(): GatewayError {
  return new GatewayError('INTERNAL_ERROR', "the authorizer's response is malformed");
}
