import { replicasOnNode } from '../silo/nodes.ts';
import { type TierName, tierCatalogue } from '../tier/catalogue.ts';
import type { MeterName } from '../usage/meter-name.ts';
import { type Cost, priced, type Quantities, sumOf } from './aws-prices.ts';
import { assumptions, unitCosts } from './call-profile.ts';

/** What was metered of a tenant in a month, in units. */
export type Use = Readonly<Record<MeterName, number>>;

/** By what a tenant takes part in what all share. */
export interface Weights {
  /** Requests to the API, about. */
  readonly calls: number;
  /** Hours of virtual CPUs in nodes of its own. */
  readonly cpuHours: number;
}

export interface DirectCost extends Weights {
  readonly cost: Cost;
}

/** The nodes that a silo has at its smallest number of replicas: of all sizes the one that comes cheapest. */
export function nodesOf(tier: TierName): { readonly count: number; readonly cpus: number } {
  const { silo } = tierCatalogue[tier];
  if (!silo) return { count: 0, cpus: 0 };
  const sizes = silo.nodeCpus.map((size) => {
    const count = Math.ceil(silo.replicasMin / replicasOnNode(silo, size));
    return { count, cpus: count * size };
  });
  return sizes.reduce((best, one) => (one.cpus < best.cpus ? one : best));
}

/**
 * What a tenant's use costs by itself, by the list prices and the profile of calls: an estimate. Nothing of what runs for all of them is in it.
 * @param tier the tier that it had; who has hours of a silo in a tier without one, left it in that month, and is charged premium's nodes
 */
export function directCost(use: Use, tier: TierName): DirectCost {
  const requests = use.events_collected / assumptions.eventsPerRequest;
  const calls = requests + use.recommendations_served;
  const siloed = use.silo_hours > 0;
  const nodes = nodesOf(tierCatalogue[tier].silo ? tier : 'premium');
  const cpuHours = use.silo_hours * nodes.cpus;
  const recommendation = siloed ? unitCosts.siloRecommendation : unitCosts.poolRecommendation;
  const inTable = siloed ? assumptions.tableShareOfSilo : 0;
  const nodeHours: Quantities = {
    cNodeCpuHours: cpuHours,
    cAutoModeCpuHours: cpuHours,
    diskGbHours: use.silo_hours * nodes.count * assumptions.nodeDiskGb,
  };
  const quantities = sumOf([
    { of: unitCosts.request, times: calls },
    { of: unitCosts.collectRequest, times: requests },
    { of: unitCosts.event, times: use.events_collected },
    { of: unitCosts.streamBatch, times: use.events_collected / assumptions.eventsPerStreamBatch },
    { of: recommendation, times: use.recommendations_served },
    {
      of: unitCosts.recommendationBatch,
      times: use.recommendations_served / assumptions.recommendationsPerStreamBatch,
    },
    { of: unitCosts.trainingMinute, times: use.training_minutes },
    { of: { s3GbHours: 1 - inTable, dynamodbGbHours: inTable }, times: use.storage_gb_hours },
    { of: unitCosts.siloHour, times: use.silo_hours },
    { of: nodeHours, times: 1 },
  ]);
  return { cost: priced(quantities), calls, cpuHours };
}
