import type { ClusterClient } from '@tenantry/core/silo/cluster/client';
import { siloManifests } from '@tenantry/core/silo/manifests/silo';
import { rolloutStatus } from '@tenantry/core/silo/rollout';
import { eventually, podImage } from './cluster-harness.ts';

export const siloNamespace = '01j9z3k4m5n6p7q8r9s0t1v2w3';
export const siloHost = 'acme.silo.localhost';

type SiloInput = Parameters<typeof siloManifests>[0];

export const testTier = {
  name: 'premium',
  silo: {
    replicasMin: 1,
    replicasMax: 2,
    cpuMillis: 500,
    memoryMiB: 256,
    nodeCpus: [2],
    trainer: { cpuMillis: 500, memoryMiB: 256 },
  },
} satisfies SiloInput['tier'];

/** A silo whose image is the test server. */
export const testSilo = (changes: Partial<SiloInput> = {}) =>
  siloManifests({
    tenantId: `ten_${siloNamespace}`,
    slug: 'acme',
    tier: testTier,
    image: `${podImage}:1`,
    environment: {},
    host: siloHost,
    stage: 'local',
    accessToken: 'b7e1c0d4a92f4f6c8d13a5e0',
    ...changes,
  });

export const deploymentReference = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: siloNamespace,
  name: 'recommender',
} as const;

export async function applyAll(client: ClusterClient, manifests: ReturnType<typeof testSilo>): Promise<void> {
  for (const manifest of manifests) await client.apply(manifest);
}

export const rolledOut = (client: ClusterClient): Promise<true> =>
  eventually(async () => rolloutStatus(await client.get(deploymentReference)).done);
