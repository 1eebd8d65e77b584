import type { SiloInput } from '../input.ts';
import { nodeLabels, nodeTaint } from './node-pool.ts';

/** The user that the image runs as; any but root. */
const userId = 10_001;

/** What every pod of a silo has: the silo's own nodes, no token of the cluster's API, no way to more rights, and nothing to write to but `/tmp`. */
export const confinedPod = (input: Pick<SiloInput, 'tenantId'>) =>
  ({
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    nodeSelector: nodeLabels(input),
    tolerations: [{ ...nodeTaint(input), operator: 'Equal' }],
    securityContext: {
      runAsNonRoot: true,
      runAsUser: userId,
      runAsGroup: userId,
      fsGroup: userId,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '256Mi' } }],
  }) as const;

/** The same for its container. */
export const confinedContainer = {
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
  volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
} as const;
