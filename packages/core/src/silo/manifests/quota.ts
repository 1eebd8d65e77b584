import { containerLimits, containerMax, containerRequests, quotaAmounts } from '../capacity.ts';
import type { SiloInput } from '../input.ts';
import type { LimitRangeManifest, ResourceQuotaManifest } from '../kubernetes.ts';
import { siloMetadata } from '../labels.ts';

/**
 * What the silo may use at most, from the tier. No Services that make load balancers, no node ports and no volumes: a
 * silo has one way in.
 */
export const resourceQuotaManifest = (input: SiloInput): ResourceQuotaManifest => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: siloMetadata(input, 'silo'),
  spec: {
    hard: {
      ...quotaAmounts(input.tier.silo),
      'services.loadbalancers': '0',
      'services.nodeports': '0',
      persistentvolumeclaims: '0',
    },
  },
});

/** What a container gets that states nothing, and the most that one may state. */
export const limitRangeManifest = (input: SiloInput): LimitRangeManifest => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: siloMetadata(input, 'silo'),
  spec: {
    limits: [
      {
        type: 'Container',
        default: containerLimits(input.tier.silo),
        defaultRequest: containerRequests(input.tier.silo),
        max: containerMax(input.tier.silo),
      },
    ],
  },
});
