import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Finding, type Report, reportSchema } from '@tenantry/core/reconciliation/report';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';

/**
 * Has the deployed function compare what there is with what there should be, with nobody spared: tests know that nothing is under
 * way.
 */
export async function reconcile(
  { graph, urls, rootCredentials }: LocalCloud,
  input: { readonly fix?: boolean; readonly graceMinutes?: number } = {},
): Promise<Report> {
  const job = graph.functions.find(({ handler }) => handler.includes('jobs/reconcile'));
  const lambda = new LambdaClient({ endpoint: urls.aws, region: 'us-east-1', credentials: rootCredentials });
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: job?.name, Payload: Buffer.from(JSON.stringify({ graceMinutes: 0, ...input })) }),
  );
  lambda.destroy();
  const text = Buffer.from(Payload ?? []).toString();
  if (FunctionError) throw new Error(`The reconciliation failed: ${text}`);
  return reportSchema.parse(JSON.parse(text));
}

/** A finding in one line, for comparing. */
export const told = ({ kind, resource, problem }: Finding): string => `${kind} ${resource}: ${problem}`;
