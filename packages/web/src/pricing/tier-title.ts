import { tierTitles } from '@tenantry/core/contract/choices';

export const offeredTiers = Object.keys(tierTitles) as (keyof typeof tierTitles)[];

/** What people call a tier; one that is none, as what all companies share, keeps its name. */
export const tierTitle = (tier: string): string => (tierTitles as Readonly<Record<string, string>>)[tier] ?? tier;
