import {
  clusterRoleBindingManifest,
  clusterRoleManifest,
  namespacePolicyBindingManifest,
  namespacePolicyManifest,
} from '@tenantry/core/silo/foundation/access';
import { ingressClassManifest } from '@tenantry/core/silo/foundation/network';
import { groupRules } from '@tenantry/core/silo/provisioner';
import type { Connection } from './connection.ts';

const manager = 'tenantry-local';

/** Karpenter's kind without Karpenter: whatever a node pool says is kept as it is. The fields that count are checked where silos' manifests are tested. */
const nodePoolDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'nodepools.karpenter.sh', labels: { 'app.kubernetes.io/managed-by': manager } },
  spec: {
    group: 'karpenter.sh',
    scope: 'Cluster',
    names: { kind: 'NodePool', listKind: 'NodePoolList', plural: 'nodepools', singular: 'nodepool' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

/** Where the API serves what is applied here, by kind. */
const collections: Readonly<Record<string, string>> = {
  CustomResourceDefinition: 'apiextensions.k8s.io/v1/customresourcedefinitions',
  ClusterRole: 'rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: 'rbac.authorization.k8s.io/v1/clusterrolebindings',
  ValidatingAdmissionPolicy: 'admissionregistration.k8s.io/v1/validatingadmissionpolicies',
  ValidatingAdmissionPolicyBinding: 'admissionregistration.k8s.io/v1/validatingadmissionpolicybindings',
  IngressClass: 'networking.k8s.io/v1/ingressclasses',
};

const pathOf = (kind: string, name: string): string => `/apis/${collections[kind]}/${encodeURIComponent(name)}`;

/**
 * What a cluster that is not EKS needs before its first silo: the roles, their admission policy and the class of load balancer as a deployment applies
 * them, and the kind of node pools, unless it has one. Nothing that is there under another manager's name is overwritten.
 * @throws {RemoteError} when the kubeconfig's user may not apply it
 */
export async function applyFoundation(connection: Connection): Promise<void> {
  const known = await connection.ask('GET', '/apis/karpenter.sh/v1').then(
    () => true,
    () => false,
  );
  const manifests = [
    ...(known ? [] : [nodePoolDefinition]),
    namespacePolicyManifest(),
    namespacePolicyBindingManifest(),
    ...Object.keys(groupRules).flatMap((group) => [clusterRoleManifest(group), clusterRoleBindingManifest(group)]),
    ingressClassManifest(),
  ];
  for (const manifest of manifests) {
    const path = `${pathOf(manifest.kind, manifest.metadata.name)}?fieldManager=${manager}`;
    await connection.ask('PATCH', path, manifest, 'application/apply-patch+yaml');
  }
  await served(connection);
}

const servedMsMax = 30_000;
const askAgainMs = 200;

/** A new kind is served a moment after it is defined. */
async function served(connection: Connection): Promise<void> {
  const end = performance.now() + servedMsMax;
  for (;;) {
    try {
      await connection.ask('GET', '/apis/karpenter.sh/v1/nodepools?limit=1');
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, askAgainMs));
    }
  }
}
