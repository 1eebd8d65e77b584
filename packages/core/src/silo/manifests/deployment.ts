import { createHash } from 'node:crypto';
import { containerLimits, containerRequests, surge } from '../capacity.ts';
import type { SiloInput } from '../input.ts';
import type { Container, DeploymentManifest, EnvironmentVariable, Probe } from '../kubernetes.ts';
import { selectorLabels, siloLabels, siloMetadata } from '../labels.ts';
import { accessTokenVariable, containerPort, probePaths, serviceAccountName, siloName } from '../names.ts';
import { accessSecret } from './identity.ts';
import { confinedContainer, confinedPod } from './pod.ts';

/** The load balancer needs this long to stop sending requests to a pod that is going. */
const drainSeconds = 10;
/** Drain, then as long for the requests under way. */
const graceSeconds = drainSeconds * 3;

const probe = (path: string, periodSeconds: number, failureThreshold: number): Probe => ({
  httpGet: { path, port: 'http' },
  periodSeconds,
  timeoutSeconds: 2,
  failureThreshold,
});

function environment(input: SiloInput): readonly EnvironmentVariable[] {
  const given = Object.entries(input.environment).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    { name: 'PORT', value: String(containerPort) },
    { name: accessTokenVariable, valueFrom: { secretKeyRef: accessSecret } },
    ...given.map(([name, value]) => ({ name, value })),
  ];
}

const container = (input: SiloInput): Container => ({
  name: siloName,
  image: input.image,
  ports: [{ name: 'http', containerPort, protocol: 'TCP' }],
  env: environment(input),
  resources: { requests: containerRequests(input.tier.silo), limits: containerLimits(input.tier.silo) },
  // Loading the largest model takes seconds; liveness counts only once the server has started.
  startupProbe: probe(probePaths.live, 1, 120),
  readinessProbe: probe(probePaths.ready, 5, 2),
  livenessProbe: probe(probePaths.live, 10, 3),
  lifecycle: { preStop: { sleep: { seconds: drainSeconds } } },
  ...confinedContainer,
});

const spread = (topologyKey: string) =>
  ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: selectorLabels },
  }) as const;

/**
 * The recommender's replicas. `replicas` is left out on purpose: it belongs to the autoscaler, and applying it again
 * would take a busy silo back to its minimum.
 */
export const deploymentManifest = (input: SiloInput): DeploymentManifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: siloMetadata(input, siloName),
  spec: {
    selector: { matchLabels: selectorLabels },
    revisionHistoryLimit: 2,
    progressDeadlineSeconds: 600,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: surge, maxUnavailable: 0 } },
    template: {
      metadata: {
        labels: siloLabels(input),
        // A pod reads the secret once, at its start: a new secret needs new pods.
        annotations: { 'tenantry.dev/access-token': createHash('sha256').update(input.accessToken).digest('hex') },
      },
      spec: {
        ...confinedPod(input),
        serviceAccountName,
        terminationGracePeriodSeconds: graceSeconds,
        topologySpreadConstraints: [spread('topology.kubernetes.io/zone'), spread('kubernetes.io/hostname')],
        containers: [container(input)],
      },
    },
  },
});
