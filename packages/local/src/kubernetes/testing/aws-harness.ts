import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { type AssumeRoleForService, AwsError, type AwsRequest, type IamRequirement } from '../../aws/engine.ts';
import type { EksEngine } from '../../eks/engine.ts';
import { closeServer, listenOn } from '../listen.ts';

export interface AwsHarness {
  readonly endpoint: string;
  /** What each call needed, in order. */
  readonly required: { readonly operation: string; readonly requires: readonly IamRequirement[] }[];
  /** How often STS was asked who calls. */
  identityCalls: number;
  serve(eks: EksEngine): void;
  close(): Promise<void>;
}

const callerOf = (credential: string): string => `arn:aws:sts::000000000000:assumed-role/${credential}/session`;

/**
 * AWS's wire for tests of the cluster: EKS through the engine, and an STS that takes the access key id for the name of
 * the caller's role. Signatures are not checked; that is the gateway's part.
 */
export async function startAwsHarness(): Promise<AwsHarness> {
  let engine: EksEngine | undefined;
  const required: AwsHarness['required'] = [];

  async function eks(request: AwsRequest): Promise<{ status: number; body: string; code?: string }> {
    try {
      if (!engine) throw new AwsError('ServiceUnavailable', 'not serving yet', 503);
      const operation = await engine.prepare(request);
      required.push({ operation: operation.name, requires: operation.requires });
      const { status = 200, body } = await operation.run({
        accountId: '000000000000',
        arn: callerOf('test'),
        tags: {},
      });
      return { status, body: JSON.stringify(body ?? {}) };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { status: error.status, body: JSON.stringify({ message: error.message }), code: error.code };
    }
  }

  const server = createServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    if (url.searchParams.get('Action') === 'GetCallerIdentity') {
      harness.identityCalls += 1;
      const role = url.searchParams.get('X-Amz-Credential')?.split('/')[0] ?? '';
      const known = role !== 'stranger-to-sts' && incoming.headers['x-k8s-aws-id'] === 'silos';
      response.writeHead(known ? 200 : 403, { 'content-type': 'text/xml' });
      response.end(`<GetCallerIdentityResponse><Arn>${callerOf(role)}</Arn></GetCallerIdentityResponse>`);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const answer = await eks({
      service: 'eks',
      region: 'us-east-1',
      method: incoming.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: {},
      body: Buffer.concat(chunks),
      requestId: randomUUID(),
    });
    const type = answer.code === undefined ? {} : { 'x-amzn-errortype': answer.code };
    response.writeHead(answer.status, { 'content-type': 'application/json', ...type }).end(answer.body);
  });
  const port = await listenOn(server, 0);
  const harness: AwsHarness = {
    endpoint: `http://127.0.0.1:${port}`,
    required,
    identityCalls: 0,
    serve(eksEngine) {
      engine = eksEngine;
    },
    close: () => closeServer(server),
  };
  return harness;
}

export type AssumedRole = Parameters<AssumeRoleForService>[0];

/** Gives credentials that name the role, and remembers what it was asked. */
export function recordingAssumeRole(): { readonly calls: AssumedRole[]; readonly assume: AssumeRoleForService } {
  const calls: AssumedRole[] = [];
  return {
    calls,
    async assume(request) {
      calls.push(request);
      return {
        accessKeyId: `ASIA${request.roleArn.split('/').at(-1)?.toUpperCase()}`,
        secretAccessKey: 'secret',
        sessionToken: 'session',
        expiration: new Date(Date.now() + 3_600_000),
      };
    },
  };
}
