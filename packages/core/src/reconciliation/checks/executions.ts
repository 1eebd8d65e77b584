import { deletionExecution } from '../../deletion/state-machine.ts';
import { executionName } from '../../provisioning/onboarding.ts';
import { suspensionExecution } from '../../suspension/state-machine.ts';
import type { Tenant } from '../../tenant/tenant.ts';
import { tierChangeExecution } from '../../tier-change/state-machine.ts';
import type { Drift } from '../drift.ts';
import { expectedOf } from '../expected.ts';
import { type MachineName, machineNames } from '../kinds.ts';
import { collect, type Look } from '../look.ts';

interface Work {
  readonly name: string;
  readonly input: object;
}

/** What each machine was started with for a tenant in its present state. */
const workOf = {
  onboarding: ({ tenantId, run }) => ({ name: executionName({ tenantId, run }), input: { tenantId, run } }),
  suspension: ({ tenantId, suspension }) => ofChange(suspensionExecution, tenantId, suspension?.changeId),
  tierChange: ({ tenantId, migration }) => ofChange(tierChangeExecution, tenantId, migration?.changeId),
  deletion: ({ tenantId, deactivation }) => ofChange(deletionExecution, tenantId, deactivation?.changeId),
} as const satisfies Record<MachineName, (tenant: Tenant) => Work | undefined>;

function ofChange(
  nameOf: (input: { readonly tenantId: string; readonly changeId: string }) => string,
  tenantId: string,
  changeId: string | undefined,
): Work | undefined {
  return changeId === undefined ? undefined : { name: nameOf({ tenantId, changeId }), input: { tenantId, changeId } };
}

/** Tenants in a status that only a state machine leads out of, and none does. */
export async function checkExecutions(look: Look): Promise<readonly Drift[]> {
  const running = new Map<MachineName, readonly string[]>();
  for (const machine of machineNames) running.set(machine, await collect(look.cloud.running(machine)));
  return [...look.tenants.values()].flatMap((tenant): readonly Drift[] => {
    const machine = expectedOf(tenant).execution;
    if (!machine) return [];
    look.count('execution');
    const { tenantId, status } = tenant;
    if (running.get(machine)?.some((name) => name.startsWith(`${tenantId}-`))) return [];
    const work = workOf[machine](tenant);
    return [
      {
        kind: 'execution',
        resource: machine,
        tenantId,
        problem: `The company is ${status}, and no execution of ${machine} works on it.`,
        remedy: work
          ? look.cloud.start(machine, look.again(work.name), work.input)
          : { command: 'The row of the company does not say which change is under way; look at it.' },
        holds: (now) =>
          now !== undefined &&
          expectedOf(now).execution === machine &&
          JSON.stringify(workOf[machine](now)) === JSON.stringify(work),
      },
    ];
  });
}
