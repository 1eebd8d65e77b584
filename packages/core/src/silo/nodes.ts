import type { SiloCapacity } from '../tier/tier.ts';
import { podsMax } from './capacity.ts';

/** Families of instances that nodes are made of; both are in EC2's quota of standard instances. */
export const nodeFamilies = ['c', 'm'] as const;
/** Of the leanest of those families. */
const memoryMiBPerCpu = 2048;
/** Of the richest. */
const memoryMiBPerCpuMax = 4096;

/** What a node keeps for its system: part of a core, and memory for the system and its pods' overhead. */
const reservedCpuMillis = 150;
const reservedMemoryMiB = 768;

/** How many pods of one kind fit on one node, whatever its family. */
export function replicasOnNode({ cpuMillis, memoryMiB }: SiloCapacity['trainer'], nodeCpus: number): number {
  return Math.floor(
    Math.min(
      (nodeCpus * 1000 - reservedCpuMillis) / cpuMillis,
      (nodeCpus * memoryMiBPerCpu - reservedMemoryMiB) / memoryMiB,
    ),
  );
}

/**
 * The virtual CPUs that all nodes of a silo may have together: enough nodes of any one size for all replicas that the quota allows, another for
 * the training, which may find no room beside them, and one more of the largest, since a node that is replaced goes after the new one has come.
 */
export function nodeCpusMax(capacity: SiloCapacity): number {
  const replicas = podsMax(capacity);
  const cpus = capacity.nodeCpus.map((size) => (Math.ceil(replicas / replicasOnNode(capacity, size)) + 1) * size);
  return Math.max(...cpus) + Math.max(...capacity.nodeCpus);
}

/** The memory that comes with so many virtual CPUs at most, in MiB. */
export const nodeMemoryMiBMax = (cpus: number): number => cpus * memoryMiBPerCpuMax;
