import type { SiloInput } from '../input.ts';
import type { AutoscalerManifest, DisruptionBudgetManifest } from '../kubernetes.ts';
import { selectorLabels, siloMetadata } from '../labels.ts';
import { siloName } from '../names.ts';

/** Of the requested CPU; leaves room for a burst while the next replica starts. */
const cpuUtilizationPercent = 60;

export const autoscalerManifest = (input: SiloInput): AutoscalerManifest => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: siloMetadata(input, siloName),
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: siloName },
    minReplicas: input.tier.silo.replicasMin,
    maxReplicas: input.tier.silo.replicasMax,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpuUtilizationPercent } },
      },
    ],
    behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
  },
});

/** Nodes are drained one replica at a time; a replica that is not healthy anyway does not hold a drain up. */
export const disruptionBudgetManifest = (input: SiloInput): DisruptionBudgetManifest => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: siloMetadata(input, siloName),
  spec: {
    maxUnavailable: 1,
    selector: { matchLabels: selectorLabels },
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
  },
});
