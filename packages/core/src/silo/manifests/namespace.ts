import type { SiloInput } from '../input.ts';
import type { NamespaceManifest } from '../kubernetes.ts';
import { siloLabels } from '../labels.ts';
import { siloNamespace } from '../names.ts';

const restricted = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/enforce-version': 'latest',
  'pod-security.kubernetes.io/warn': 'restricted',
  'pod-security.kubernetes.io/audit': 'restricted',
};

/** The tenant's namespace, in which only pods of the restricted security level may run. */
export const namespaceManifest = (input: SiloInput): NamespaceManifest => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: siloNamespace(input.tenantId),
    labels: { ...siloLabels(input), ...restricted },
    annotations: { 'tenantry.dev/tenant-id': input.tenantId, 'tenantry.dev/slug': input.slug },
  },
});
