import { type AssumeRoleForService, AwsError, type AwsRequest, type Engine, type Operation } from '../aws/engine.ts';
import { createAssociation, listAssociations, onAssociation } from './association-operations.ts';
import { type Association, openAssociationStore } from './association-store.ts';
import { type ClusterEndpoint, type ClusterSpec, clusterArn, clusterIdentity, clusterView } from './cluster.ts';
import { invalidRequest, notFound } from './errors.ts';
import { createPodIdentityAgent, type PodIdentityAgent } from './pod-identity-agent.ts';

export interface EksEngine extends Engine {
  readonly agent: PodIdentityAgent;
  /** Makes the cluster ACTIVE: its API server answers there. */
  setEndpoint(cluster: string, endpoint: ClusterEndpoint): void;
  /** Replaces the clusters, after the program that declares them has changed. Associations stay. */
  setClusters(clusters: readonly ClusterSpec[]): void;
  /** Who a caller's ARN is inside the cluster, by the access entries. */
  identityIn(cluster: string, callerArn: string): ReturnType<typeof clusterIdentity>;
  associationFor(cluster: string, namespace: string, serviceAccount: string): Association | undefined;
}

/**
 * EKS as far as silos need it: clusters that the program declares, Pod Identity associations, and the agent that gives
 * pods their credentials.
 * @param options.dir where `eks.db` is kept
 */
export function createEksEngine(options: {
  readonly dir: string;
  readonly clusters: readonly ClusterSpec[];
  readonly assumeRoleForService: AssumeRoleForService;
  readonly now?: () => number;
}): EksEngine {
  const now = options.now ?? Date.now;
  const startedAt = now() / 1000;
  const store = openAssociationStore(options.dir);
  const context = { store, now };
  const endpoints = new Map<string, ClusterEndpoint>();
  let clusters = new Map(options.clusters.map((spec) => [spec.name, spec]));
  const agent = createPodIdentityAgent({
    associationFor: store.findByAccount,
    assumeRoleForService: options.assumeRoleForService,
  });

  const load = (name: string): ClusterSpec => {
    const found = clusters.get(name);
    if (!found) throw notFound(`No cluster found for name: ${name}.`);
    return found;
  };

  const listClusters = (): Operation => ({
    name: 'ListClusters',
    requires: [{ action: 'eks:ListClusters', resource: '*' }],
    run: async () => ({ body: { clusters: [...clusters.keys()] } }),
  });

  const describeCluster = (name: string): Operation => ({
    name: 'DescribeCluster',
    requires: [{ action: 'eks:DescribeCluster', resource: clusterArn(name) }],
    run: async () => ({ body: { cluster: clusterView(load(name), endpoints.get(name), startedAt) } }),
  });

  /** The cluster must exist when the call runs, not when it is parsed: what a caller may not see looks the same. */
  const inCluster = (name: string, operation: Operation): Operation => ({
    ...operation,
    run(caller) {
      load(name);
      return operation.run(caller);
    },
  });

  function prepare(request: AwsRequest): Operation {
    const [root, cluster, collection, id, ...more] = request.path.split('/').filter(Boolean).map(decoded);
    const { method, query } = request;
    if (root === 'clusters' && more.length === 0) {
      if (cluster === undefined && method === 'GET') return listClusters();
      if (cluster !== undefined && collection === undefined && method === 'GET') return describeCluster(cluster);
      if (cluster !== undefined && collection === 'pod-identity-associations') {
        if (id !== undefined && (method === 'GET' || method === 'POST' || method === 'DELETE')) {
          return inCluster(cluster, onAssociation(context, { cluster, id, body: bodyOf(request) }, method));
        }
        if (id === undefined && method === 'POST') {
          return inCluster(cluster, createAssociation(context, { cluster, body: bodyOf(request) }));
        }
        if (id === undefined && method === 'GET') {
          return inCluster(cluster, listAssociations(context, { cluster, query }));
        }
      }
    }
    throw new AwsError('UnknownOperationException', `The local EKS does not offer ${method} ${request.path}.`, 404);
  }

  return {
    services: ['eks'],
    protocol: 'rest-json',
    agent,
    prepare,
    setEndpoint: (cluster, endpoint) => void endpoints.set(cluster, endpoint),
    setClusters(next) {
      clusters = new Map(next.map((spec) => [spec.name, spec]));
    },
    identityIn: (cluster, callerArn) => clusterIdentity(load(cluster), callerArn),
    associationFor: store.findByAccount,
    async close() {
      await agent.close();
      store.close();
    },
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalidRequest('The path is not valid.');
  }
}

function bodyOf({ body }: AwsRequest): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString());
  } catch {
    throw invalidRequest('The body is not valid JSON.');
  }
}
