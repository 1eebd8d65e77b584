import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { executionName } from '../provisioning/onboarding.ts';
import { findTenant, type Tenant } from '../tenant/tenant.ts';
import { checkExecutions } from './checks/executions.ts';
import { checkLeftovers } from './checks/leftovers.ts';
import { checkMemberships } from './checks/memberships.ts';
import { checkParts } from './checks/parts.ts';
import { checkReplicas } from './checks/replicas.ts';
import { checkRows } from './checks/rows.ts';
import { checkSlugs } from './checks/slugs.ts';
import { checkSubscriptions } from './checks/subscriptions.ts';
import type { Drift } from './drift.ts';
import type { DriftKind, PartKind } from './kinds.ts';
import { collect, type Look } from './look.ts';
import type { Cloud, Part } from './ports.ts';
import { type Finding, findingSchema, findingsMax, type Report } from './report.ts';
import { allTenants, isSettled } from './tenants.ts';

export interface Ports {
  readonly cloud: Cloud;
  /** Reaches the rows of all tenants. */
  readonly control: Table;
  readonly now: () => Date;
  /** Told when a remedy failed; the finding then stays as it is. */
  readonly onFailure: (finding: Finding, error: unknown) => void;
}

export interface Options {
  /** Whether to mend what can be mended without anybody's decision. */
  readonly fix: boolean;
  /** Tenants that changed within this time are left alone: something may still be under way. */
  readonly graceMs: number;
}

/**
 * Compares what the control table says there should be with what there is. Nothing is reported or mended but what holds by a
 * fresh look at the tenant's row, and what belongs to a tenant that has just changed is left for the next time.
 * @throws what the cloud's lists throw: half a picture would make orphans of what was not seen
 */
export async function findDrift({ cloud, control, now, onFailure }: Ports, { fix, graceMs }: Options): Promise<Report> {
  const startedAt = now();
  // The parts first: whatever was made by then has a tenant that the second list shows.
  const parts = new Map<PartKind, readonly Part[]>();
  for (const [kind, list] of Object.entries(cloud.parts)) {
    if (list) parts.set(kind as PartKind, await collect(list()));
  }
  const deployments = cloud.deployments && (await collect(cloud.deployments()));
  if (deployments) parts.set('deployment', deployments);
  const subscriptions = await collect(cloud.subscriptions());
  const tenants = await allTenants(control);

  const checked: Record<string, number> = { tenants: tenants.size };
  const settled = (tenantId: TenantId, tenant: Tenant | undefined) => isSettled(tenantId, tenant, startedAt, graceMs);
  const again = (name: string): string => `${name}-again-${startedAt.getTime().toString(36)}`;
  const look: Look = {
    cloud,
    control,
    at: startedAt,
    tenants,
    isSettled: (tenant) => settled(tenant.tenantId, tenant),
    count(kind: DriftKind, number = 1) {
      checked[kind] = (checked[kind] ?? 0) + number;
    },
    rebuild({ tenantId, run, status }) {
      const input = { tenantId, run };
      const started = cloud.start('onboarding', again(executionName(input)), input);
      // A silo that is built again would run; whoever suspended the company decides what comes first.
      return status === 'active' ? started : { command: `Once the company is active again: ${started.command}` };
    },
    takeBack: ({ tenantId, run }) =>
      cloud.start('onboarding', again(executionName({ tenantId, run })), { tenantId, run }),
    again,
  };
  const drifts = [
    ...[...parts].flatMap(([kind, found]) => checkParts(look, kind, found)),
    ...(deployments ? checkReplicas(look, deployments) : []),
    ...checkLeftovers(look),
    ...(await checkExecutions(look)),
    ...(await checkSubscriptions(look, subscriptions)),
    ...(await checkMemberships(look)),
    ...(await checkSlugs(look)),
    ...(await checkRows(look)),
  ];

  const findings: Finding[] = [];
  let findingsLeftOut = 0;
  for (const drift of drifts) {
    const tenant = drift.tenantId ? await findTenant(control, drift.tenantId) : undefined;
    if (drift.tenantId && !settled(drift.tenantId, tenant)) continue;
    if (!(await drift.holds(tenant))) continue;
    const finding = toFinding(drift);
    if (findings.length === findingsMax) findingsLeftOut += 1;
    else findings.push(fix ? await mend(drift, finding, onFailure) : finding);
  }
  return { startedAt: startedAt.toISOString(), endedAt: now().toISOString(), fix, checked, findings, findingsLeftOut };
}

const toFinding = ({ kind, resource, tenantId, problem, remedy: { command } }: Drift): Finding =>
  findingSchema.parse({ kind, resource, tenantId, problem, command, mended: false });

async function mend(drift: Drift, finding: Finding, onFailure: Ports['onFailure']): Promise<Finding> {
  if (!drift.remedy.run) return finding;
  try {
    await drift.remedy.run();
    return { ...finding, mended: true };
  } catch (error) {
    // One thing that cannot be mended must not keep the others from it.
    onFailure(finding, error);
    return finding;
  }
}
