/** The Kubernetes groups that access entries give to functions. */
export const provisionerGroup = 'tenantry:provisioner';
export const suspenderGroup = 'tenantry:suspender';
export const releaserGroup = 'tenantry:releaser';
export const eraserGroup = 'tenantry:eraser';
/** What all of them start with. */
export const groupPrefix = 'tenantry:';

/** Namespaces of silos: a tenant's id without its prefix. Matches as a whole. */
export const siloNamespacePattern = '^[0-7][0-9a-hjkmnp-tv-z]{25}$';

export interface ClusterRule {
  /** The core group is `''`. */
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly ('get' | 'list' | 'watch' | 'create' | 'patch' | 'delete')[];
}

/** Server-side apply is `patch`, and `create` for what is not there yet. */
const apply = ['create', 'patch'] as const;

/**
 * What provisioning may do in the cluster, and no more: nothing about roles, nodes, classes or running commands in pods;
 * secrets are written and never read.
 */
export const provisionerRules: readonly ClusterRule[] = [
  { apiGroups: [''], resources: ['namespaces'], verbs: ['get', ...apply] },
  {
    apiGroups: [''],
    resources: ['resourcequotas', 'limitranges', 'serviceaccounts', 'secrets', 'services'],
    verbs: apply,
  },
  { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: apply },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses'], verbs: ['get', ...apply] },
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', ...apply] },
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: apply },
  { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: apply },
  { apiGroups: [''], resources: ['pods', 'events'], verbs: ['get', 'list'] },
];

/** What suspending and reactivating may do: scale a silo, and see how far that is. */
export const suspenderRules: readonly ClusterRule[] = [
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'patch'] },
];

/** What a rollout may do: give a silo that is there another image, and see how its pods take it. */
export const releaserRules: readonly ClusterRule[] = [
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'patch'] },
  { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
];

/** What deleting a tenant may do: take down its namespace, with everything in it. */
export const eraserRules: readonly ClusterRule[] = [{ apiGroups: [''], resources: ['namespaces'], verbs: ['delete'] }];

/** The rules of each group. */
export const groupRules: Readonly<Record<string, readonly ClusterRule[]>> = {
  [provisionerGroup]: provisionerRules,
  [suspenderGroup]: suspenderRules,
  [releaserGroup]: releaserRules,
  [eraserGroup]: eraserRules,
};
