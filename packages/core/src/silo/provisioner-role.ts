/** What the provisioner of silos may do in the cluster: exactly the kinds that a silo consists of, and reading how far they are. */
export const provisionerRules = [
  { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'patch', 'create'] },
  {
    apiGroups: [''],
    resources: ['resourcequotas', 'limitranges', 'serviceaccounts', 'secrets', 'services'],
    verbs: ['get', 'patch', 'create'],
  },
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'patch', 'create'] },
  { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies', 'ingresses'], verbs: ['get', 'patch', 'create'] },
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: ['get', 'patch', 'create'] },
  { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: ['get', 'patch', 'create'] },
] as const;

/** The group that the access entry of the provisioning function puts it in. */
export const provisionerGroup = 'tenantry:provisioner';
