import { type Cost, priced, totalOf } from './aws-prices.ts';
import type { Weights } from './cost.ts';

/** What of a stage runs all the time, whoever uses it. */
export interface StageShape {
  /** NAT gateways; 0 for a stage without silos. */
  readonly natGateways: number;
  readonly alarms: number;
}

/** Invocations by the clock in an hour: each of ten minutes, each of five, hourly and daily ones. */
const INVOCATIONS_AN_HOUR = 3 * 6 + 2 * 12 + 2 + 1 / 24;
const JOB_SECONDS = 1;
const JOB_GB = 0.5;
/** The zones of the network; a load balancer has an address in each. */
const ZONES = 3;

/** What all tenants share, in pots: each is divided by one rule. */
export const pots = {
  /** The cluster, its network and its load balancer: by the hours of virtual CPUs that each silo's nodes have. */
  cluster: 'cpuHours',
  /** What runs by the clock, and alarms: by calls, of pool and silos alike. */
  platform: 'calls',
} as const satisfies Record<string, keyof Weights>;
export type Pot = keyof typeof pots;
export const potNames = Object.keys(pots) as readonly Pot[];

/** @param hours of the month that have passed */
export function sharedCosts({ natGateways, alarms }: StageShape, hours: number): Readonly<Record<Pot, Cost>> {
  const silos = natGateways > 0;
  return {
    cluster: silos
      ? priced({
          controlPlaneHours: hours,
          natHours: natGateways * hours,
          addressHours: (natGateways + ZONES) * hours,
          balancerHours: hours,
        })
      : {},
    platform: priced({
      schedulerInvocations: INVOCATIONS_AN_HOUR * hours,
      lambdaRequests: INVOCATIONS_AN_HOUR * hours,
      lambdaGbSeconds: INVOCATIONS_AN_HOUR * JOB_SECONDS * JOB_GB * hours,
      alarmHours: alarms * hours,
    }),
  };
}

/** Weights are fractions; a thousandth of one is as fine as they get. */
const exactly = (weight: number): bigint => BigInt(Math.round(weight * 1000));

/** A part in proportion, in whole millionths and never rounded up, so that parts are never more than the whole. */
const partOf = (micro: number, weight: bigint, total: bigint): number =>
  total === 0n ? 0 : Number((BigInt(micro) * weight) / total);

export type Shares = Readonly<Record<Pot, number>>;

/**
 * Divides the pots among tenants, in millionths of a dollar. What is lost by rounding, and what nobody used, stays unallocated.
 */
export function allocate<Key>(
  shared: Readonly<Record<Pot, Cost>>,
  tenants: readonly (Weights & { readonly key: Key })[],
): { readonly shares: ReadonlyMap<Key, Shares>; readonly unallocated: Shares } {
  const perPot = (micro: (pot: Pot) => number) =>
    Object.fromEntries(potNames.map((pot) => [pot, micro(pot)])) as Record<Pot, number>;
  const sum = (weight: keyof Weights) => tenants.reduce((total, tenant) => total + exactly(tenant[weight]), 0n);
  const totals = { calls: sum('calls'), cpuHours: sum('cpuHours') };
  const shares = new Map(
    tenants.map((tenant) => [
      tenant.key,
      perPot((pot) => partOf(totalOf(shared[pot]), exactly(tenant[pots[pot]]), totals[pots[pot]])),
    ]),
  );
  const unallocated = perPot((pot) =>
    [...shares.values()].reduce((left, part) => left - part[pot], totalOf(shared[pot])),
  );
  return { shares, unallocated };
}
