import { createHash } from 'node:crypto';
import type { TenantId } from '../ids/id.ts';
import type { TierName } from '../tier/catalogue.ts';
import { type FlagName, flagNamed } from './flags.ts';
import type { FlagRule } from './rule.ts';

/** What of a company decides. */
export interface FlagSubject {
  readonly tenantId: TenantId;
  readonly tier: TierName;
}

/** From 0 up to, but not, 100; each flag draws anew, so that the same companies are not always the first. */
function placeOf(name: FlagName, tenantId: TenantId): number {
  const digest = createHash('sha256').update(`${name}#${tenantId}`).digest();
  return (digest.readUInt32BE(0) / 2 ** 32) * 100;
}

/** Whether a flag is on for a company. @param rule absent while nobody has set it */
export function isOn(name: FlagName, rule: FlagRule | undefined, { tenantId, tier }: FlagSubject): boolean {
  if (!rule) return flagNamed(name).default;
  switch (rule.kind) {
    case 'off':
      return false;
    case 'on':
      return true;
    case 'percentage':
      return placeOf(name, tenantId) < rule.percentage;
    case 'companies':
      return rule.tenantIds.includes(tenantId);
    case 'tiers':
      return rule.tiers.includes(tier);
  }
}
