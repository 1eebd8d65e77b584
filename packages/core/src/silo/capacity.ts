import type { SiloCapacity } from '../tier/tier.ts';
import type { Amounts } from './kubernetes.ts';

/** During a rolling update one replica more may run. */
export const surge = 1;
/** A replica that is shutting down still counts against the quota of pods. */
const stopping = 1;
/** A short burst above the request, for the moment in which a new model is loaded. */
const cpuBurst = 2;

/** The most pods that a silo may have at once. */
export const podsMax = (capacity: SiloCapacity): number => capacity.replicasMax + surge + stopping;

const amounts = (cpuMillis: number, memoryMiB: number): Amounts => ({
  cpu: `${cpuMillis}m`,
  memory: `${memoryMiB}Mi`,
});

export const containerRequests = (capacity: SiloCapacity): Amounts => amounts(capacity.cpuMillis, capacity.memoryMiB);
/** Memory is not overcommitted: a replica is never evicted for what another uses. */
export const containerLimits = (capacity: SiloCapacity): Amounts =>
  amounts(capacity.cpuMillis * cpuBurst, capacity.memoryMiB);

/** What all pods of a silo may ask for together. */
export function quotaAmounts(capacity: SiloCapacity): Amounts {
  const pods = podsMax(capacity);
  return {
    pods: String(pods),
    'requests.cpu': `${pods * capacity.cpuMillis}m`,
    'requests.memory': `${pods * capacity.memoryMiB}Mi`,
    'limits.cpu': `${pods * capacity.cpuMillis * cpuBurst}m`,
    'limits.memory': `${pods * capacity.memoryMiB}Mi`,
  };
}
