import { ListExecutionsCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { isTenantId, type TenantId, ulidPattern } from '@tenantry/core/ids/id';
import type { StateMachineName } from '@tenantry/core/state-machine/machines';

const A_MACHINE_MAX = 25;
const endings = ['FAILED', 'TIMED_OUT', 'ABORTED'] as const;
const tenantInName = new RegExp(`^ten_${ulidPattern.source}`);

/** The company that an execution is about: its name begins with the id. */
const tenantOf = (name: string): TenantId | null => {
  const found = tenantInName.exec(name)?.[0];
  return isTenantId(found) ? found : null;
};

/** Where AWS's console shows an execution. */
const pageOf = (arn: string): string => {
  const region = arn.split(':')[3] ?? '';
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${arn}`;
};

/** Executions of a machine that did not reach their end since a time, the newest first. */
export async function failuresOf(
  sfn: SFNClient,
  [machine, stateMachineArn]: readonly [StateMachineName, string],
  { since, onAws }: { readonly since: Date; readonly onAws: boolean },
) {
  const found = await Promise.all(
    endings.map(async (statusFilter) => {
      const { executions = [] } = await sfn.send(
        new ListExecutionsCommand({ stateMachineArn, statusFilter, maxResults: A_MACHINE_MAX }),
      );
      return executions;
    }),
  );
  return {
    failures: found
      .flat()
      .filter(({ startDate }) => startDate !== undefined && startDate >= since)
      .map(({ name = '', status = '', startDate, stopDate, executionArn = '' }) => ({
        machine,
        name,
        tenantId: tenantOf(name),
        status,
        startedAt: (startDate ?? since).toISOString(),
        endedAt: stopDate?.toISOString() ?? null,
        pageUrl: onAws ? pageOf(executionArn) : null,
      })),
    more: found.some((executions) => executions.length === A_MACHINE_MAX),
  };
}
