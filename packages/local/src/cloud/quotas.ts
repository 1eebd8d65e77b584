import { capacityChecks } from '@tenantry/core/provisioning/capacity';
import type { Quota } from '../service-quotas/engine.ts';

/** No silo fits into AWS's default for new accounts, so an account that sells silos has had it raised. */
const raised: Readonly<Record<string, number>> = { 'L-1216C47A': 4096 };

/** What the local account has of each quota that silos may meet: AWS's default, but for what every such account has raised. */
export const accountQuotas: readonly Quota[] = capacityChecks.flatMap(({ name, quota, byDefault, adjustable }) =>
  quota ? [{ ...quota, quotaName: name, value: raised[quota.quotaCode] ?? byDefault, adjustable }] : [],
);
