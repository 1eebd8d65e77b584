import { type ClusterRule, groupPrefix, groupRules, siloNamespacePattern, siloWideResources } from '../provisioner.ts';

const policyName = 'tenantry-silos';
const roleName = (group: string): string => group.replace(':', '-');
const rbac = 'rbac.authorization.k8s.io';

export interface ClusterRoleManifest {
  readonly apiVersion: 'rbac.authorization.k8s.io/v1';
  readonly kind: 'ClusterRole';
  readonly metadata: { readonly name: string };
  readonly rules: readonly ClusterRule[];
}

export const clusterRoleManifest = (group: string): ClusterRoleManifest => ({
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRole',
  metadata: { name: roleName(group) },
  rules: groupRules[group] ?? [],
});

export const clusterRoleBindingManifest = (group: string) =>
  ({
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: roleName(group) },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: roleName(group) },
    subjects: [{ apiGroup: rbac, kind: 'Group', name: group }],
  }) as const;

const admission = 'admissionregistration.k8s.io/v1';

/**
 * Keeps those groups inside the silos' namespaces and node pools. A ClusterRole cannot limit either by the shape of its name,
 * so without this a fault in provisioning could reach `kube-system`.
 */
export const namespacePolicyManifest = () =>
  ({
    apiVersion: admission,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: policyName },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          { apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE', 'UPDATE', 'DELETE'], resources: ['*'] },
        ],
      },
      matchConditions: [
        { name: 'tenantry', expression: `request.userInfo.groups.exists(group, group.startsWith('${groupPrefix}'))` },
      ],
      validations: [
        {
          expression: `(request.resource.resource in ${JSON.stringify(siloWideResources)} ? request.name : request.namespace).matches('${siloNamespacePattern}')`,
          message: 'Provisioning is limited to the namespaces and node pools of silos.',
          reason: 'Forbidden',
        },
      ],
    },
  }) as const;

export const namespacePolicyBindingManifest = () =>
  ({
    apiVersion: admission,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: policyName },
    spec: { policyName, validationActions: ['Deny'] },
  }) as const;
