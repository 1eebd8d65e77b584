import { paginateListExecutions, SFNClient } from '@aws-sdk/client-sfn';
import type { MachineName } from '@tenantry/core/reconciliation/kinds';
import type { Cloud } from '@tenantry/core/reconciliation/ports';
import { startExecution } from '../start-execution.ts';

/** @param arns of the state machines that change tenants */
export function machines(arns: Readonly<Record<MachineName, string>>): Pick<Cloud, 'running' | 'start'> {
  const client = new SFNClient({});
  return {
    async *running(machine) {
      const request = { stateMachineArn: arns[machine], statusFilter: 'RUNNING' } as const;
      for await (const { executions = [] } of paginateListExecutions({ client }, request)) {
        for (const { name } of executions) if (name) yield name;
      }
    },
    start: (machine, name, input) => ({
      command: `aws stepfunctions start-execution --state-machine-arn ${arns[machine]} --name ${name} --input '${JSON.stringify(input)}'`,
      run: () => startExecution(client, arns[machine], name, input),
    }),
  };
}
