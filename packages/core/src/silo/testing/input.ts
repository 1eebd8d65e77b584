import type { SiloInput } from '../input.ts';

export const siloInput = (changes: Partial<SiloInput> = {}): SiloInput => ({
  tenantId: 'ten_01j9z3k4m5n6p7q8r9s0t1v2w3',
  slug: 'acme',
  tier: {
    name: 'premium',
    silo: {
      replicasMin: 2,
      replicasMax: 6,
      cpuMillis: 500,
      memoryMiB: 1024,
      nodeCpus: [2, 4],
      trainer: { cpuMillis: 1000, memoryMiB: 3072 },
    },
  },
  image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/recommender:1',
  environment: { EVENTS_TABLE: 'events', MODELS_BUCKET: 'models' },
  host: 'acme.silo.example.com',
  stage: 'production',
  accessToken: 'b7e1c0d4a92f4f6c8d13a5e0',
  ...changes,
});
