import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import type { ClusterAccess, Credentials } from './kubeconfig.ts';

/** One call to the cluster, with its credentials; the answer is a stream. */
export type Open = (call: {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | NodeJS.ReadableStream;
  readonly signal?: AbortSignal;
}) => Promise<IncomingMessage>;

export interface Connection {
  readonly open: Open;
  /**
   * Asks for one answer whole.
   * @throws {RemoteError} when the cluster refuses
   */
  ask(method: string, path: string, body?: object, contentType?: string): Promise<unknown>;
  close(): void;
}

/** The cluster's refusal, with its HTTP status and its words. */
export class RemoteError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const askMsMax = 15_000;
const answerBytesMax = 64 * 1024 * 1024;

async function wholeText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > answerBytesMax) throw new Error('The cluster’s answer is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Connects to a cluster over HTTPS, which trusts only the authority that the kubeconfig names. */
export function connect(access: ClusterAccess): Connection {
  let held: { readonly credentials: Credentials; readonly agent: Agent } | undefined;

  /** An agent per certificate: a connection keeps the one that it was opened with. */
  function agentFor(credentials: Credentials): Agent {
    if (held && held.credentials.certificate === credentials.certificate) return held.agent;
    const agent = new Agent({
      keepAlive: true,
      minVersion: 'TLSv1.2',
      ...(access.authority ? { ca: access.authority } : {}),
      ...(access.serverName ? { servername: access.serverName } : {}),
      ...(credentials.certificate ? { cert: credentials.certificate } : {}),
      ...(credentials.key ? { key: credentials.key } : {}),
    });
    held?.agent.destroy();
    held = { credentials, agent };
    return agent;
  }

  const open: Open = async ({ method, path, headers = {}, body, signal }) => {
    const credentials = await access.credentials();
    const agent = agentFor(credentials);
    return new Promise((resolve, reject) => {
      const call = request(new URL(path, access.server), {
        method,
        agent,
        ...(signal ? { signal } : {}),
        headers: {
          accept: 'application/json',
          ...headers,
          ...(credentials.token ? { authorization: `Bearer ${credentials.token}` } : {}),
        },
      });
      call.on('error', reject);
      call.on('response', resolve);
      if (body === undefined || typeof body === 'string') call.end(body);
      else body.pipe(call);
    });
  };

  return {
    open,
    async ask(method, path, body, contentType = 'application/json') {
      const text = body && JSON.stringify(body);
      // Node names no length for the body of a DELETE, which the server would then read as the next request.
      const headers = text ? { 'content-type': contentType, 'content-length': Buffer.byteLength(text) } : {};
      const response = await open({
        method,
        path,
        headers,
        ...(text ? { body: text } : {}),
        signal: AbortSignal.timeout(askMsMax),
      });
      const answer = await wholeText(response);
      const { statusCode = 0 } = response;
      if (statusCode >= 200 && statusCode <= 299) return JSON.parse(answer);
      throw new RemoteError(statusCode, `${method} ${path}: ${statusCode} ${messageOf(answer)}`);
    },
    close: () => held?.agent.destroy(),
  };
}

function messageOf(answer: string): string {
  try {
    const { message } = JSON.parse(answer) as { message?: unknown };
    return String(message ?? answer);
  } catch {
    return answer.slice(0, 500);
  }
}
