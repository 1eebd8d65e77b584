import { lookup as resolveName } from 'node:dns/promises';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { mayReach, refusalOf, type TargetRules } from './target.ts';

const DEADLINE_MS = 10_000;
/** As much of an answer is kept for the log; what comes after it is not read. */
export const answerBytesMax = 1024;

interface Address {
  readonly address: string;
  readonly family: number;
}

export interface SendOptions {
  readonly rules: TargetRules;
  /** All addresses of a name; by default as the system resolves it. */
  readonly resolve?: (host: string) => Promise<readonly Address[]>;
  readonly deadlineMs?: number;
}

/** What became of an attempt: an answer, or the reason why there was none. */
export type Outcome = { readonly ms: number } & (
  | { readonly status: number; readonly answer: string }
  | { readonly problem: string }
);

class Refused extends Error {
  override readonly name = 'Refused';
}

/**
 * A resolver for one connection. The addresses that are checked are those that are connected to: a name that leads elsewhere a moment later
 * changes nothing. One address that must not be reached is enough to refuse them all.
 */
const checkedLookup =
  ({ rules, resolve = (host) => resolveName(host, { all: true }) }: SendOptions): RequestOptions['lookup'] =>
  (host, options, callback) => {
    resolve(host).then(
      (addresses) => {
        const [first] = addresses;
        if (!first || !addresses.every(({ address }) => mayReach(address, rules))) {
          callback(new Refused('The name leads to an address that is not public.'), '', 0);
        } else if (options.all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };

/** What the owner of an endpoint reads; an error's own words may name what is inside of our network. */
function problemOf(error: Error): string {
  if (error instanceof Refused) return error.message;
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'No answer came in time.';
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'The name of the host is not known.';
  if (code === 'ECONNREFUSED') return 'The connection was refused.';
  if (/^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code)) return 'The certificate is not valid.';
  return 'The connection failed.';
}

/**
 * Posts a body, once. Redirects are not followed: where they lead was not checked. Nothing is thrown.
 * @param headers beside those of the content
 */
export function send(
  target: string,
  message: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  options: SendOptions,
): Promise<Outcome> {
  const began = performance.now();
  const took = () => Math.round(performance.now() - began);
  return new Promise((resolve) => {
    const fail = (error: Error) => resolve({ ms: took(), problem: problemOf(error) });
    const url = new URL(target);
    const refusal = refusalOf(url, options.rules);
    if (refusal) {
      fail(new Refused(`The URL ${refusal}.`));
      return;
    }
    const begin = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = begin(url, {
      method: 'POST',
      // A connection of its own, so that none is used again whose address was checked for another name.
      agent: false,
      lookup: checkedLookup(options),
      signal: AbortSignal.timeout(options.deadlineMs ?? DEADLINE_MS),
      headers: {
        ...message.headers,
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(message.body)),
        'user-agent': 'Tenantry-Webhooks/1',
        'accept-encoding': 'identity',
      },
    });
    request.on('error', fail);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const finish = () => {
        const answer = Buffer.concat(chunks).subarray(0, answerBytesMax).toString('utf8');
        resolve({ ms: took(), status: response.statusCode ?? 0, answer });
        request.destroy();
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= answerBytesMax) finish();
      });
      response.on('end', finish);
      response.on('error', fail);
    });
    request.end(message.body);
  });
}
