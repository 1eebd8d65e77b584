import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ClusterClient, clusterClient } from '@tenantry/core/silo/cluster/client';
import { httpsTransport } from '@tenantry/core/silo/cluster/transport';
import {
  type ClusterRule,
  provisionerGroup,
  provisionerRules,
  siloNamespacePattern,
  trainingGroup,
  trainingRules,
} from '@tenantry/core/silo/provisioner';
import { eksToken } from '@tenantry/core/silo/token';
import { createEksEngine, type EksEngine } from '../../eks/engine.ts';
import type { Rule } from '../api/authorize.ts';
import type { PodLogLine } from '../kubelet/kubelet.ts';
import { createKubernetes, type Kubernetes, type KubernetesOptions } from '../kubernetes.ts';
import { type AssumedRole, type AwsHarness, recordingAssumeRole, startAwsHarness } from './aws-harness.ts';

export const podImage = 'registry.example/recommender';
const podServer = fileURLToPath(new URL('./pod-server.mjs', import.meta.url));
/** As the stacks grant them: rules in the namespaces of silos alone. */
const inSilos = (rules: readonly ClusterRule[]): readonly Rule[] =>
  rules.map((rule) => ({ ...rule, namespaces: new RegExp(siloNamespacePattern) }));

export interface ClusterHarness {
  readonly aws: AwsHarness;
  readonly eks: EksEngine;
  readonly kubernetes: Kubernetes;
  readonly assumed: AssumedRole[];
  readonly logs: PodLogLine[];
  readonly dir: string;
  /** A client that calls with a role: `tester` and `second` may do anything, `provisioner` and `trainer` what they may, `idle` nothing. */
  client(role?: string): ClusterClient;
  token(role?: string): Promise<string>;
  /** Calls the API server with any path and any headers. */
  raw(method: string, path: string, options?: RawOptions): Promise<RawAnswer>;
  /** Sends a request to the load balancer for a host. */
  visit(host: string, path: string): Promise<{ readonly status: number; readonly body: string }>;
  close(options?: { readonly keep?: boolean }): Promise<void>;
}

export interface RawOptions {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RawAnswer {
  readonly status: number;
  readonly body: { readonly [name: string]: unknown };
}

/** A whole cluster on loopback, with a test server for an image. */
export async function startCluster(
  options: Partial<Pick<KubernetesOptions, 'replicasMax' | 'graceMsMax' | 'images' | 'ingressPort' | 'runtime'>> & {
    readonly dir?: string;
  } = {},
): Promise<ClusterHarness> {
  const { dir = mkdtempSync(join(tmpdir(), 'cluster-')), ...rest } = options;
  const aws = await startAwsHarness();
  const { calls, assume } = recordingAssumeRole();
  const entry = (role: string, ...kubernetesGroups: string[]) => ({
    principalArn: `arn:aws:iam::000000000000:role/${role}`,
    username: role,
    kubernetesGroups,
  });
  const eks = createEksEngine({
    dir,
    assumeRoleForService: assume,
    clusters: [
      {
        name: 'silos',
        version: '1.34',
        roleArn: 'arn:aws:iam::000000000000:role/cluster',
        accessEntries: [
          entry('provisioner', provisionerGroup),
          entry('trainer', trainingGroup),
          entry('tester', 'system:masters'),
          entry('path/to/second', 'system:masters'),
          entry('idle'),
        ],
      },
    ],
  });
  aws.serve(eks);
  const logs: PodLogLine[] = [];
  const kubernetes = createKubernetes({
    dir,
    clusterName: 'silos',
    eks,
    images: { [podImage]: { command: [process.execPath, podServer], env: { FROM_IMAGE: 'yes' } } },
    awsEndpoint: () => aws.endpoint,
    groups: { [provisionerGroup]: inSilos(provisionerRules), [trainingGroup]: inSilos(trainingRules) },
    version: '1.34',
    onPodLog: (line) => logs.push(line),
    backoffMs: { first: 20, most: 200 },
    ...rest,
  });
  await kubernetes.listen();
  const token = (role = 'tester') =>
    eksToken({
      clusterName: 'silos',
      region: 'us-east-1',
      endpoint: aws.endpoint,
      credentials: { accessKeyId: role, secretAccessKey: 'secret' },
    });
  return {
    aws,
    eks,
    kubernetes,
    assumed: calls,
    logs,
    dir,
    token,
    client(role) {
      const held = token(role);
      return clusterClient({
        endpoint: kubernetes.url,
        certificateAuthority: kubernetes.caData,
        token: () => held,
        deadlineMs: 5000,
      });
    },
    async raw(method, path, { body, headers = {} } = {}) {
      const transport = httpsTransport(kubernetes.url, kubernetes.caData);
      const authorization = headers.authorization ?? `Bearer ${await token()}`;
      const answer = await transport({
        method,
        path,
        headers: { 'content-type': 'application/apply-patch+yaml', ...headers, authorization },
        ...(body === undefined ? {} : { body }),
        deadlineMs: 5000,
      });
      return { status: answer.status, body: JSON.parse(answer.body) };
    },
    visit: (host, path) => visit(kubernetes.ingressPort, host, path),
    async close({ keep = false } = {}) {
      await kubernetes.close();
      await Promise.all([eks.close(), aws.close()]);
      if (!keep) rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Sends a request to a load balancer for a host. */
export function visit(
  port: number,
  host: string,
  path: string,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, headers: { host }, agent: false });
    call.on('error', reject);
    call.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    call.end();
  });
}

/** Asks again and again until it gives something, at most `deadlineMs`. */
export async function eventually<T>(ask: () => Promise<T | undefined | false>, deadlineMs = 5000): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`It did not come to be within ${deadlineMs} ms: ${ask}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}
