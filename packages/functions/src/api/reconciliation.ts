import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { appendStageAudit } from '@tenantry/core/audit/stage-audit';
import { readReport } from '@tenantry/core/reconciliation/report';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { ownTables } from '../scoped/own-tables.ts';

const { RECONCILE_FUNCTION: FunctionName } = readEnvironment({ RECONCILE_FUNCTION: required });
const { Control: control, Audit: audit } = ownTables('api/reconciliation');
const lambda = new LambdaClient({});

export const handler = createApi('reconciliation', undefined, {
  readReconciliation: () => readReport(control),
  startReconciliation: async ({ body: { fix, reason }, actor, now }) => {
    const details = { fix: String(fix), reason };
    await appendStageAudit(audit, { actor, action: 'reconciliation.started', details, at: now });
    // It takes longer than an answer may.
    await lambda.send(
      new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify({ fix })) }),
    );
    return { requestedAt: now.toISOString(), fix };
  },
});
