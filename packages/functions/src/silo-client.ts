import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import {
  type Recommendation,
  recommendationRequestSchema,
  recommendationSchema,
} from '@tenantry/core/contract/recommendation';
import { type Counters, countersSchema } from '@tenantry/core/fleet/gate';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { countersPath, probePaths } from '@tenantry/core/silo/names';
import type { SiloEndpoint } from '@tenantry/core/tenant/tenant';
import * as z from 'zod';

export interface SiloAddress extends SiloEndpoint {
  readonly accessToken: string;
}

/** A shopper waits for no silo longer than this. */
const DEADLINE_MS = 1500;
const ANSWER_BYTES_MAX = 256 * 1024;
/** After this many failures in a row the silo is left alone for a while. */
const FAILURES_MAX = 5;
const OPEN_MS = 10_000;

const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };

interface Breaker {
  failures: number;
  openUntil: number;
}

/** What a silo is asked, as the API takes it; what is left out gets the defaults. */
export type SiloRequest = z.input<typeof recommendationRequestSchema>;

const defaults: Readonly<Record<string, unknown>> = recommendationRequestSchema.parse({ shopperId: 'any' });

/** A silo may run an older version, which knows fewer fields: what it would do by itself is not said. */
const withoutDefaults = (request: SiloRequest): object =>
  Object.fromEntries(
    Object.entries(request).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults[name])),
  );

/** Asks a tenant's silo, with a deadline and a circuit breaker per silo. Throws when the caller must fall back. */
export function createSiloClient(now: () => number = Date.now) {
  const breakers = new Map<string, Breaker>();

  return async (silo: SiloAddress, request: SiloRequest): Promise<Recommendation> => {
    const breaker = breakers.get(silo.host) ?? { failures: 0, openUntil: 0 };
    breakers.set(silo.host, breaker);
    if (now() < breaker.openUntil) throw new Error('The silo failed repeatedly and is left alone for a moment.');
    // The first one afterwards tries for all of them.
    if (breaker.failures >= FAILURES_MAX) breaker.openUntil = now() + OPEN_MS;
    try {
      const answer = await ask(silo, 'POST', '/recommendations', JSON.stringify(withoutDefaults(request)));
      breaker.failures = 0;
      breaker.openUntil = 0;
      return recommendationSchema.parse(JSON.parse(answer));
    } catch (error) {
      breaker.failures += 1;
      if (breaker.failures >= FAILURES_MAX) breaker.openUntil = now() + OPEN_MS;
      throw error;
    }
  };
}

/** What some replica of a silo has counted since it started. */
export const readCounters = async (silo: SiloAddress): Promise<Counters> =>
  countersSchema.parse(JSON.parse(await ask(silo, 'GET', countersPath)));

const readinessSchema = z.object({
  status: z.literal('ok'),
  tenantId: z.custom<TenantId>(isTenantId),
  modelVersion: z.string(),
});

/**
 * Asks a silo whether it is ready, by the way that requests of shoppers take from the load balancer on.
 * @returns whose silo answered, and the version of the model that it serves: `none` while the tenant has no model
 * @throws when it does not answer, or says that it is not ready
 */
export const askReadiness = async (silo: SiloAddress): Promise<z.infer<typeof readinessSchema>> =>
  readinessSchema.parse(JSON.parse(await ask(silo, 'GET', probePaths.ready)));

/**
 * Connects to the load balancer and names the silo by `Host` and in the TLS handshake, so that no DNS record is needed
 * before a silo can be asked.
 */
function ask(
  silo: SiloAddress,
  method: 'GET' | 'POST',
  path: string,
  body = '',
  signal = AbortSignal.timeout(DEADLINE_MS),
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = (silo.tls ? httpsRequest : httpRequest)(
      {
        host: silo.address,
        port: silo.port,
        path,
        method,
        agent: silo.tls ? agents.https : agents.http,
        ...(silo.tls ? { servername: silo.host } : {}),
        headers: {
          host: silo.host,
          authorization: `Bearer ${silo.accessToken}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
        signal,
      },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.byteLength;
          if (bytes > ANSWER_BYTES_MAX) request.destroy(new Error('The silo answered too much.'));
          else chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`The silo answered with status ${response.statusCode}.`));
        });
      },
    );
    request.on('error', (error: NodeJS.ErrnoException) => {
      // A replica that leaves closes the connections it kept; a request that was on its way into one of them reached nobody.
      if (request.reusedSocket && error.code === 'ECONNRESET') resolve(ask(silo, method, path, body, signal));
      else reject(error);
    });
    request.end(body);
  });
}
