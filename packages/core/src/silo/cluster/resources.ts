/** Where the API serves each kind. */
interface Resource {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** By `apiVersion/kind`; a kind that is not here cannot be reached by mistake. */
export const resources = {
  'v1/Namespace': { plural: 'namespaces', namespaced: false },
  'v1/Pod': { plural: 'pods', namespaced: true },
  'v1/Event': { plural: 'events', namespaced: true },
  'v1/ConfigMap': { plural: 'configmaps', namespaced: true },
  'v1/ResourceQuota': { plural: 'resourcequotas', namespaced: true },
  'v1/LimitRange': { plural: 'limitranges', namespaced: true },
  'v1/ServiceAccount': { plural: 'serviceaccounts', namespaced: true },
  'v1/Secret': { plural: 'secrets', namespaced: true },
  'v1/Service': { plural: 'services', namespaced: true },
  'apps/v1/Deployment': { plural: 'deployments', namespaced: true },
  'batch/v1/Job': { plural: 'jobs', namespaced: true },
  'autoscaling/v2/HorizontalPodAutoscaler': { plural: 'horizontalpodautoscalers', namespaced: true },
  'policy/v1/PodDisruptionBudget': { plural: 'poddisruptionbudgets', namespaced: true },
  'networking.k8s.io/v1/NetworkPolicy': { plural: 'networkpolicies', namespaced: true },
  'networking.k8s.io/v1/Ingress': { plural: 'ingresses', namespaced: true },
  'networking.k8s.io/v1/IngressClass': { plural: 'ingressclasses', namespaced: false },
  'rbac.authorization.k8s.io/v1/ClusterRole': { plural: 'clusterroles', namespaced: false },
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': { plural: 'clusterrolebindings', namespaced: false },
  'karpenter.sh/v1/NodePool': { plural: 'nodepools', namespaced: false },
  'eks.amazonaws.com/v1/NodeClass': { plural: 'nodeclasses', namespaced: false },
  'eks.amazonaws.com/v1/IngressClassParams': { plural: 'ingressclassparams', namespaced: false },
} as const satisfies Record<string, Resource>;

export type ResourceType = keyof typeof resources;

/** Names one object, or with no `name` all of a kind. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** Says that a list is of all namespaces, which must not happen for want of a name. */
export const everyNamespace = '*';

/** @throws {TypeError} for a kind that is not in the table, and for a namespace where none belongs or one is missing */
export function pathOf(reference: ObjectReference): string {
  const { apiVersion, kind, namespace, name } = reference;
  const type = `${apiVersion}/${kind}`;
  if (!Object.hasOwn(resources, type)) throw new TypeError(`The cluster client does not know ${type}.`);
  const { plural, namespaced } = resources[type as ResourceType];
  if (namespaced !== (namespace !== undefined)) {
    throw new TypeError(`${type} ${namespaced ? 'needs a namespace' : 'has no namespace'}.`);
  }
  const inAll = namespace === everyNamespace;
  if (inAll && name !== undefined) throw new TypeError(`One ${type} is in one namespace.`);
  return [
    apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`,
    ...(namespace === undefined || inAll ? [] : ['namespaces', encodeURIComponent(namespace)]),
    plural,
    ...(name === undefined ? [] : [encodeURIComponent(name)]),
  ].join('/');
}
