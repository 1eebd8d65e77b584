import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AssumeRoleForService, AwsError, LOCAL_ACCOUNT_ID } from '../aws/engine.ts';
import type { Association } from './association-store.ts';
import { clusterArn } from './cluster.ts';

/** A pod that may ask for credentials. */
export interface PodIdentity {
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly podName: string;
  readonly podUid: string;
}

export interface PodIdentityAgent {
  /** `http://127.0.0.1:<port>/v1/credentials`, once it listens. */
  readonly credentialsUrl: string;
  /** @param port 0 takes a free one */
  listen(port?: number): Promise<void>;
  /** Makes the token by which a pod identifies itself; any earlier one of the same pod ends. */
  issue(pod: PodIdentity): string;
  revoke(podUid: string): void;
  close(): Promise<void>;
}

/** Tokens are looked up by their hash, so that comparing them tells nothing about them. */
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** The tags by which a policy can tell pods apart. */
const sessionTags = (pod: PodIdentity): Record<string, string> => ({
  'eks-cluster-arn': clusterArn(pod.clusterName),
  'eks-cluster-name': pod.clusterName,
  'kubernetes-namespace': pod.namespace,
  'kubernetes-service-account': pod.serviceAccount,
  'kubernetes-pod-name': pod.podName,
  'kubernetes-pod-uid': pod.podUid,
});

/** `eks-<cluster>-<pod>-<uid>`, within the 64 characters of a session's name. */
const sessionName = (pod: PodIdentity): string =>
  `eks-${pod.clusterName.slice(0, 15)}-${pod.podName.slice(0, 24)}-${pod.podUid}`
    .replace(/[^\w+=,.@-]/g, '-')
    .slice(0, 64);

/** The agent that runs on every node of a cluster with Pod Identity, and gives pods the credentials of their role. */
export function createPodIdentityAgent(options: {
  readonly associationFor: (cluster: string, namespace: string, serviceAccount: string) => Association | undefined;
  readonly assumeRoleForService: AssumeRoleForService;
}): PodIdentityAgent {
  const pods = new Map<string, PodIdentity>();

  async function credentials(request: IncomingMessage): Promise<object> {
    if (request.method !== 'GET' || request.url !== '/v1/credentials') throw new AwsError('NotFound', 'Not found', 404);
    const pod = pods.get(hashOf(request.headers.authorization ?? ''));
    if (!pod) throw new AwsError('AccessDeniedException', 'The token is not valid.', 401);
    const association = options.associationFor(pod.clusterName, pod.namespace, pod.serviceAccount);
    if (!association) throw new AwsError('ResourceNotFoundException', 'The service account has no association.', 404);
    const given = await options.assumeRoleForService({
      roleArn: association.roleArn,
      servicePrincipal: 'pods.eks.amazonaws.com',
      sessionName: sessionName(pod),
      ...(association.disableSessionTags ? {} : { tags: sessionTags(pod) }),
    });
    return {
      AccessKeyId: given.accessKeyId,
      SecretAccessKey: given.secretAccessKey,
      Token: given.sessionToken,
      Expiration: given.expiration.toISOString(),
      AccountId: LOCAL_ACCOUNT_ID,
    };
  }

  function answer(response: ServerResponse, status: number, body: object): void {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(body));
  }

  const server = createServer((request, response) => {
    request.resume();
    credentials(request).then(
      (body) => answer(response, 200, body),
      (error: unknown) =>
        error instanceof AwsError
          ? answer(response, error.status, { code: error.code, message: error.message })
          : answer(response, 500, { code: 'InternalServerException', message: 'The agent failed.' }),
    );
  });

  const revoke = (podUid: string): void => {
    for (const [hash, pod] of pods) if (pod.podUid === podUid) pods.delete(hash);
  };
  return {
    get credentialsUrl() {
      const address = server.address() as AddressInfo | null;
      if (!address) throw new Error('The Pod Identity agent does not listen yet.');
      return `http://127.0.0.1:${address.port}/v1/credentials`;
    },
    listen: (port = 0) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', () => {
          server.off('error', reject);
          resolve();
        });
      }),
    issue(pod) {
      revoke(pod.podUid);
      const token = randomBytes(32).toString('base64url');
      pods.set(hashOf(token), pod);
      return token;
    },
    revoke,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
