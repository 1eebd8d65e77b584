import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { until } from '@tenantry/local/demo/journey';
import { administrator } from './administrator.ts';
import { allRows } from './rows.ts';

/** Runs a job as the clock would, and gives what it answered. @throws when the job fails */
export async function runJob<T>(cloud: LocalCloud, name: string, event: object = {}): Promise<T> {
  const admin = administrator(cloud);
  const { FunctionError, Payload } = await admin.lambda.send(
    new InvokeCommand({ FunctionName: admin.functionOf(`jobs/${name}`)?.name, Payload: JSON.stringify(event) }),
  );
  const text = Payload ? Buffer.from(Payload).toString() : '';
  if (FunctionError) throw new Error(`The job ${name} failed: ${text}`);
  return JSON.parse(text) as T;
}

/** What the table of usage has for a tenant, all hours together, in steps. */
export async function meteredOf(cloud: LocalCloud, tenantId: string, meter: string): Promise<number> {
  const total = (await allRows(cloud, 'Usage')).find(
    ({ pk, sk }) => pk === `TENANT#${tenantId}` && sk === `USED#TOTAL#${meter}`,
  );
  return Number(total?.steps ?? 0);
}

/** Counts until the meter shows as much, and gives what it shows then: the streams may need a moment. */
export async function meteredAtLeast(
  cloud: LocalCloud,
  tenantId: string,
  meter: string,
  steps: number,
): Promise<number> {
  return until(`${steps} of ${meter}`, async () => {
    await runJob(cloud, 'count-usage', { early: true });
    const metered = await meteredOf(cloud, tenantId, meter);
    return metered >= steps ? metered : undefined;
  });
}
