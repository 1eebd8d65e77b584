import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { signPost } from '../signing/signature.ts';

/**
 * Calls of DynamoDB without the SDK's middleware, which takes most of what a warm request to a recommender costs. The client still says where to and with which
 * credentials; whatever does not simply go well is for the caller to do again through the client, which knows how to wait, to retry and to name errors.
 */

const CONNECTIONS_MAX = 50;
const TIMEOUT_MS = 1000;

interface Address {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
}

interface Way {
  readonly secure: boolean;
  readonly address: Address;
  readonly host: string;
  readonly region: string;
}

const agents = {
  http: new HttpAgent({ keepAlive: true, maxSockets: CONNECTIONS_MAX }),
  https: new HttpsAgent({ keepAlive: true, maxSockets: CONNECTIONS_MAX }),
};

const ways = new WeakMap<DynamoDBDocumentClient, Promise<Way>>();

/** Where the client sends its calls: one goes through all of the client but the signing and the sending. */
async function findWay(client: DynamoDBDocumentClient): Promise<Way> {
  let address: Address | undefined;
  const command = new ListTablesCommand({});
  command.middlewareStack.addRelativeTo(
    () => async (args: { readonly request?: unknown }) => {
      address = args.request as Address;
      return { response: {}, output: { $metadata: {} } };
    },
    { relation: 'before', toMiddleware: 'httpSigningMiddleware', name: 'addressOnly' },
  );
  await client.send(command as never);
  if (!address) throw new Error('The client of DynamoDB gave no address.');
  const { protocol, hostname, port } = address;
  const host = port ? `${hostname}:${port}` : hostname;
  return { secure: protocol === 'https:', address, host, region: await client.config.region() };
}

/**
 * @param operation such as `Query`
 * @param input as it goes over the wire, with types of attributes
 * @returns the answer as it came; undefined when it was not a good one
 */
export async function callDirectly(
  client: DynamoDBDocumentClient,
  operation: string,
  input: object,
): Promise<unknown | undefined> {
  let way = ways.get(client);
  if (!way) {
    way = findWay(client);
    ways.set(client, way);
    way.catch(() => ways.delete(client));
  }
  const { secure, address, host, region } = await way;
  const body = JSON.stringify(input);
  const headers = signPost({
    service: 'dynamodb',
    region,
    credentials: await client.config.credentials(),
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      host,
      'x-amz-target': `DynamoDB_20120810.${operation}`,
    },
    body,
    at: new Date(),
  });
  const answer = await post(secure, address, headers, body).catch(() => undefined);
  return answer === undefined ? undefined : JSON.parse(answer);
}

/** @returns the body; undefined for any other status than 200 */
function post(
  secure: boolean,
  { hostname, port }: Address,
  headers: Record<string, string>,
  body: string,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)(
      {
        method: 'POST',
        hostname,
        ...(port ? { port } : {}),
        path: '/',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        agent: secure ? agents.https : agents.http,
        timeout: TIMEOUT_MS,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
          resolve(response.statusCode === 200 ? text?.toString('utf8') : undefined);
        });
        response.on('error', reject);
      },
    );
    request.on('timeout', () => request.destroy(new Error('DynamoDB did not answer in time.')));
    request.on('error', reject);
    request.end(body);
  });
}
