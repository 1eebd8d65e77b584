import * as z from 'zod';
import { isTenantId, type TenantId } from '../ids/id.ts';
import { accessTokenVariable } from './names.ts';
import { replicasOnNode } from './nodes.ts';

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const hostName = /^(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const cidr = z.union([z.cidrv4(), z.cidrv6()]);
/** Variables that the pod sets itself. */
const reserved = new Set(['PORT', accessTokenVariable]);

const capacitySchema = z
  .object({
    replicasMin: z.int().min(1),
    replicasMax: z.int().min(1).max(500),
    /** Thousandths of a core that each replica is given. */
    cpuMillis: z.int().min(10).max(64_000),
    memoryMiB: z.int().min(64).max(262_144),
    /** Virtual CPUs of the nodes that the silo may be given. */
    nodeCpus: z.array(z.int().min(1).max(192)).min(1).readonly(),
    /** What training is given. */
    trainer: z.object({ cpuMillis: z.int().min(10).max(64_000), memoryMiB: z.int().min(64).max(262_144) }),
  })
  .refine((capacity) => capacity.replicasMin <= capacity.replicasMax, 'replicasMin is above replicasMax')
  .refine(
    ({ nodeCpus, cpuMillis, memoryMiB }) =>
      nodeCpus.every((cpus) => replicasOnNode({ cpuMillis, memoryMiB }, cpus) > 0),
    'no replica fits on the smallest of nodeCpus',
  )
  .refine(
    ({ nodeCpus, trainer }) => nodeCpus.every((cpus) => replicasOnNode(trainer, cpus) > 0),
    'training does not fit on the smallest of nodeCpus',
  );

const networkSchema = z.object({
  /** Where the load balancer's addresses are. */
  loadBalancerCidrs: z.array(cidr).min(1),
  /** Where DNS answers besides the namespace `kube-system`: Auto Mode runs it on the nodes, behind the service address. */
  dnsCidrs: z.array(cidr).min(1),
});

export const siloInputSchema = z.object({
  tenantId: z.custom<TenantId>(isTenantId, 'not a tenant id'),
  slug: z.string().regex(dnsLabel),
  tier: z.object({ name: z.string().regex(dnsLabel), silo: capacitySchema }),
  image: z.string().min(1).max(500),
  environment: z.record(
    z
      .string()
      .regex(/^[A-Z_][A-Z0-9_]*$/)
      .refine((name) => !reserved.has(name), 'the pod sets this variable itself'),
    z.string().max(4096),
  ),
  /** The host name at which the silo answers. */
  host: z.string().regex(hostName),
  stage: z.string().regex(dnsLabel),
  /** The secret that the ML API sends; at least 128 bits. */
  accessToken: z.string().min(22).max(512),
  network: networkSchema.optional(),
});

/** What a silo is made from. */
export type SiloInput = Readonly<z.infer<typeof siloInputSchema>>;
export type SiloNetwork = z.infer<typeof networkSchema>;

/** The address plan of a VPC as the stacks make it, and the service range that EKS chooses for it. */
export const defaultNetwork: SiloNetwork = {
  loadBalancerCidrs: ['10.0.0.0/16'],
  dnsCidrs: ['10.0.0.0/16', '172.20.0.0/16'],
};
