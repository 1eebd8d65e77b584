import { type ClusterRule, provisionerGroup, provisionerRules, siloNamespacePattern } from '../provisioner.ts';

const name = 'tenantry-provisioner';
const rbac = 'rbac.authorization.k8s.io';

export interface ClusterRoleManifest {
  readonly apiVersion: 'rbac.authorization.k8s.io/v1';
  readonly kind: 'ClusterRole';
  readonly metadata: { readonly name: string };
  readonly rules: readonly ClusterRule[];
}

export const clusterRoleManifest = (): ClusterRoleManifest => ({
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRole',
  metadata: { name },
  rules: provisionerRules,
});

export const clusterRoleBindingManifest = () =>
  ({
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
    subjects: [{ apiGroup: rbac, kind: 'Group', name: provisionerGroup }],
  }) as const;

const admission = 'admissionregistration.k8s.io/v1';

/**
 * Keeps the provisioner inside the silos' namespaces. A ClusterRole cannot limit namespaces by the shape of their name,
 * so without this a fault in provisioning could reach `kube-system`.
 */
export const namespacePolicyManifest = () =>
  ({
    apiVersion: admission,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          { apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE', 'UPDATE', 'DELETE'], resources: ['*'] },
        ],
      },
      matchConditions: [{ name: 'provisioner', expression: `'${provisionerGroup}' in request.userInfo.groups` }],
      validations: [
        {
          expression: `(request.resource.resource == 'namespaces' ? request.name : request.namespace).matches('${siloNamespacePattern}')`,
          message: 'Provisioning is limited to the namespaces of silos.',
          reason: 'Forbidden',
        },
      ],
    },
  }) as const;

export const namespacePolicyBindingManifest = () =>
  ({
    apiVersion: admission,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  }) as const;
