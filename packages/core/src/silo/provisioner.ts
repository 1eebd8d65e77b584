/** The Kubernetes groups that access entries give to functions. */
export const provisionerGroup = 'tenantry:provisioner';
export const suspenderGroup = 'tenantry:suspender';
export const releaserGroup = 'tenantry:releaser';
export const eraserGroup = 'tenantry:eraser';
export const plannerGroup = 'tenantry:planner';
export const reconcilerGroup = 'tenantry:reconciler';
export const trainingGroup = 'tenantry:training';
export const observerGroup = 'tenantry:observer';
/** What all of them start with. */
export const groupPrefix = 'tenantry:';

/** Namespaces of silos: a tenant's id without its prefix. Matches as a whole. */
export const siloNamespacePattern = '^[0-7][0-9a-hjkmnp-tv-z]{25}$';

/** Kinds outside any namespace that belong to one silo, and carry the name of its namespace. */
export const siloWideResources = ['namespaces', 'nodepools'] as const;

export interface ClusterRule {
  /** The core group is `''`. */
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly ('get' | 'list' | 'watch' | 'create' | 'patch' | 'delete')[];
}

/** Server-side apply is `patch`, and `create` for what is not there yet. */
const apply = ['create', 'patch'] as const;

/**
 * What provisioning may do in the cluster, and no more: nothing about roles, classes, nodes other than silos' pools, or running commands in pods;
 * secrets are written and never read.
 */
export const provisionerRules: readonly ClusterRule[] = [
  { apiGroups: [''], resources: ['namespaces'], verbs: ['get', ...apply] },
  // Of the whole cluster: a ClusterRole cannot match names. The admission policy keeps changes to those named like a silo's namespace.
  { apiGroups: ['karpenter.sh'], resources: ['nodepools'], verbs: apply },
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

/** What suspending and reactivating may do: scale a silo, see how far that is, and end what trains there. */
export const suspenderRules: readonly ClusterRule[] = [
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'patch'] },
  { apiGroups: ['batch'], resources: ['jobs'], verbs: ['list', 'delete'] },
];

/** What training may do: make a Job, see how it and its pods stand, and take it away. */
export const trainingRules: readonly ClusterRule[] = [
  { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get', ...apply, 'delete'] },
  { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
];

/** What a rollout may do: give a silo that is there another image, and see how its pods take it. */
export const releaserRules: readonly ClusterRule[] = [
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'patch'] },
  { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
];

/** What deleting a tenant may do: take down its namespace, with everything in it, and its nodes. */
export const eraserRules: readonly ClusterRule[] = [
  { apiGroups: [''], resources: ['namespaces'], verbs: ['delete'] },
  { apiGroups: ['karpenter.sh'], resources: ['nodepools'], verbs: ['delete'] },
];

/** What planning may do: see what silos were promised. */
export const plannerRules: readonly ClusterRule[] = [
  { apiGroups: ['karpenter.sh'], resources: ['nodepools'], verbs: ['list'] },
];

/** What reconciling may do: see which silos there are, scale them, and take down those whose tenants are gone. */
export const reconcilerRules: readonly ClusterRule[] = [
  { apiGroups: [''], resources: ['namespaces'], verbs: ['list', 'delete'] },
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list', 'patch'] },
  { apiGroups: ['karpenter.sh'], resources: ['nodepools'], verbs: ['list', 'delete'] },
];

/** What staff's pages may do: see how many replicas a silo has. */
export const observerRules: readonly ClusterRule[] = [
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] },
];

/** The rules of each group. */
export const groupRules: Readonly<Record<string, readonly ClusterRule[]>> = {
  [provisionerGroup]: provisionerRules,
  [suspenderGroup]: suspenderRules,
  [releaserGroup]: releaserRules,
  [eraserGroup]: eraserRules,
  [plannerGroup]: plannerRules,
  [reconcilerGroup]: reconcilerRules,
  [trainingGroup]: trainingRules,
  [observerGroup]: observerRules,
};
