import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { readReport } from '@tenantry/core/reconciliation/report';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { ownTables } from '../scoped/own-tables.ts';

const { RECONCILE_FUNCTION: FunctionName } = readEnvironment({ RECONCILE_FUNCTION: required });
const { Control: control } = ownTables('api/reconciliation');
const lambda = new LambdaClient({});

export const handler = createApi('reconciliation', undefined, {
  readReconciliation: () => readReport(control),
  startReconciliation: async ({ body: { fix }, now }) => {
    // It takes longer than an answer may.
    await lambda.send(
      new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify({ fix })) }),
    );
    return { requestedAt: now.toISOString(), fix };
  },
});
