import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { until } from '@tenantry/local/demo/journey';
import { resourceNamed } from '@tenantry/local/program/graph';

/** Looks at the executions of tenants, with the account's own credentials. */
export interface Executions {
  /** The statuses of a tenant's executions on a machine, the newest first. */
  of(machine: string, tenantId: string): Promise<readonly string[]>;
  /** Waits until there are more than `before`, and none runs. @returns the newest one's status */
  ended(machine: string, tenantId: string, before: number): Promise<string>;
}

const TIMEOUT_MS = 150_000;

export function executionsIn({ urls, rootCredentials, graph }: LocalCloud): Executions {
  const states = new SFNClient({ endpoint: urls.aws, region: 'us-east-1', credentials: rootCredentials });

  async function of(machine: string, tenantId: string, statusFilter?: 'RUNNING'): Promise<readonly string[]> {
    const { arn } = resourceNamed(graph, 'aws:sfn/stateMachine:StateMachine', machine);
    const { executions = [] } = await states.send(
      new ListExecutionsCommand({ stateMachineArn: arn, maxResults: 1000, statusFilter }),
    );
    return executions.filter(({ name }) => name?.startsWith(tenantId)).map(({ status }) => String(status));
  }

  return {
    of,
    ended: (machine, tenantId, before) =>
      until(
        `the end of ${machine} for ${tenantId}`,
        async () => {
          // Those that run are few; all that ever ran are looked at only when none does.
          if ((await of(machine, tenantId, 'RUNNING')).length > 0) return undefined;
          const statuses = await of(machine, tenantId);
          return statuses.length > before && !statuses.includes('RUNNING') ? statuses[0] : undefined;
        },
        TIMEOUT_MS,
      ),
  };
}
