import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createPostConnections, type Origin, type PostConnections } from '../http/post-connections.ts';
import { signPost } from '../signing/signature.ts';

/**
 * Calls of DynamoDB without the SDK's middleware, which takes most of what a warm request to a recommender costs. The client still says where to and with which
 * credentials; whatever does not simply go well is for the caller to do again through the client, which knows how to wait, to retry and to name errors.
 */

const limits = { connectionsMax: 50, timeoutMs: 1000 } as const;

interface Address {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
}

interface Way {
  readonly connections: PostConnections;
  readonly host: string;
  readonly region: string;
}

/** Of each origin, for the clients of all tenants: who asks is told by a request's signature and not by its connection, and opening one costs more than a call. */
const kept = new Map<string, PostConnections>();

function connectionsTo(origin: Origin): PostConnections {
  const key = `${origin.secure} ${origin.hostname} ${origin.port}`;
  const connections = kept.get(key) ?? createPostConnections(origin, limits);
  kept.set(key, connections);
  return connections;
}

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
  const secure = protocol === 'https:';
  const origin = { secure, hostname, port: port ?? (secure ? 443 : 80) };
  return { connections: connectionsTo(origin), host, region: await client.config.region() };
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
  const { connections, host, region } = await way;
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
  const answer = await connections.post(headers, body).catch(() => undefined);
  return answer === undefined ? undefined : JSON.parse(answer);
}
