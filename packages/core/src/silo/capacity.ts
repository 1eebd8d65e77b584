import type { SiloCapacity } from '../tier/tier.ts';
import type { Amounts } from './kubernetes.ts';

/** During a rolling update one replica more may run. */
export const surge = 1;
/** A replica that is shutting down still counts against the quota of pods. */
const stopping = 1;
/** A short burst above the request, for the moment in which a new model is loaded. */
const cpuBurst = 2;

/** The most pods that answer, or still do, in a silo at once. */
export const podsMax = (capacity: SiloCapacity): number => capacity.replicasMax + surge + stopping;

const amounts = (cpuMillis: number, memoryMiB: number): Amounts => ({
  cpu: `${cpuMillis}m`,
  memory: `${memoryMiB}Mi`,
});

export const containerRequests = (capacity: SiloCapacity): Amounts => amounts(capacity.cpuMillis, capacity.memoryMiB);
/** Memory is not overcommitted: a replica is never evicted for what another uses. */
export const containerLimits = (capacity: SiloCapacity): Amounts =>
  amounts(capacity.cpuMillis * cpuBurst, capacity.memoryMiB);

/** One training runs at a time, and asks for what it may use: nothing else of it has to be quick. */
export const trainerAmounts = ({ trainer }: SiloCapacity): Amounts => amounts(trainer.cpuMillis, trainer.memoryMiB);

/** The most that any container of a silo may use. */
export const containerMax = (capacity: SiloCapacity): Amounts =>
  amounts(
    Math.max(capacity.cpuMillis * cpuBurst, capacity.trainer.cpuMillis),
    Math.max(capacity.memoryMiB, capacity.trainer.memoryMiB),
  );

/** What all pods of a silo may ask for together: the replicas, and the one that trains. */
export function quotaAmounts(capacity: SiloCapacity): Amounts {
  const replicas = podsMax(capacity);
  const { trainer } = capacity;
  return {
    pods: String(replicas + 1),
    'requests.cpu': `${replicas * capacity.cpuMillis + trainer.cpuMillis}m`,
    'requests.memory': `${replicas * capacity.memoryMiB + trainer.memoryMiB}Mi`,
    'limits.cpu': `${replicas * capacity.cpuMillis * cpuBurst + trainer.cpuMillis}m`,
    'limits.memory': `${replicas * capacity.memoryMiB + trainer.memoryMiB}Mi`,
  };
}
