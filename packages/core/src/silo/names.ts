import type { TenantId } from '../ids/id.ts';

/** Names that every silo shares; the namespace tells silos apart. */
export const siloName = 'recommender';
export const serviceAccountName = 'recommender';
/** What trains the silo's model, under an identity of its own that answers no shopper. */
export const trainerName = 'trainer';
export const ingressClassName = 'silo';
/** The field manager under which silos are applied. */
export const fieldManager = 'tenantry';

/** Labels a silo's objects and nodes with its namespace, and keeps the pods of others off the nodes. */
export const tenantLabel = 'tenantry.dev/tenant';

/** Port on which the recommender listens inside its pod. */
export const containerPort = 8080;
/** The variable that carries the secret which the ML API sends to its silo. */
export const accessTokenVariable = 'SILO_ACCESS_TOKEN';

/** Paths that the recommender's server answers for the probes. */
export const probePaths = { live: '/healthz', ready: '/readyz' } as const;

/** Where the recommender tells what it has counted, to the bearer of the access token. */
export const countersPath = '/counters';

/** The agent that gives pods their credentials, on every node. */
export const podIdentityAgent = { address: '169.254.170.23', port: 80 } as const;

/**
 * The namespace of a tenant's silo: its id without the prefix, since `_` cannot be in a DNS label. The role of the pods
 * turns it back into the id by `ten_${aws:PrincipalTag/kubernetes-namespace}`.
 */
export const siloNamespace = (tenantId: TenantId): string => tenantId.slice(tenantId.indexOf('_') + 1);
