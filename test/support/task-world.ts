import { InvokeCommand } from '@aws-sdk/client-lambda';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { controlKeys } from '@tenantry/core/control/keys';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import { type Person, until } from '@tenantry/local/demo/journey';
import { type Administrator, administrator } from './administrator.ts';
import { allRows, quiet, subscriptionRow } from './rows.ts';
import { startTestCloud, type TestCloud } from './test-cloud.ts';
import { tracesOf } from './traces.ts';

type Answer = Readonly<Record<string, unknown>>;

/** A local cloud whose state machines' tasks are asked directly, for companies that stand where no machine works on them. */
export interface TaskWorld {
  readonly test: TestCloud;
  readonly admin: Administrator;
  /** What a task answers; the message as `error` where it fails. */
  ask(task: string, payload: object): Promise<Answer>;
  /** An active company with two events of one shopper, which are archived. */
  founded(
    tier: 'standard' | 'premium',
  ): Promise<{ readonly tenantId: TenantId; readonly person: Person; readonly slug: string }>;
  load(tenantId: TenantId): Promise<Tenant>;
  /** Writes a company's row with something else in it. */
  put(tenantId: TenantId, more: Partial<Tenant>): Promise<void>;
  /** Everything of a tenant, once no webhook is under way: where it is named, and what its rows say. */
  picture(tenantId: TenantId): Promise<unknown>;
  /** The tenant's subscription, straight from Stripe. */
  subscriptionOf(tenantId: TenantId): Promise<Answer>;
  close(): Promise<void>;
}

export async function startTaskWorld(): Promise<TaskWorld> {
  const test = await startTestCloud();
  const admin = administrator(test.cloud);
  const load = (tenantId: TenantId) => loadTenant({ client: admin.rows, name: admin.control }, tenantId);
  return {
    test,
    admin,
    load,
    async ask(task, payload) {
      const { Payload, FunctionError } = await admin.lambda.send(
        new InvokeCommand({
          FunctionName: admin.functionOf(`tasks/${task}`)?.name,
          Payload: Buffer.from(JSON.stringify(payload)),
        }),
      );
      const answer = JSON.parse(Buffer.from(Payload ?? []).toString()) as Answer;
      return FunctionError ? { error: answer.errorMessage } : answer;
    },
    async founded(tier) {
      const { person, tenantId, slug } = await test.founder(tier);
      if (!isTenantId(tenantId)) throw new Error(`${tenantId} is no tenant's id.`);
      const key = await person.createKey('secret');
      const events = ['lamp', 'chair'].map((itemId) => ({ shopperId: 'shopper', itemId, type: 'view' }));
      await person.api('collectEvents', { bearer: key, body: { events } });
      await person.refresh();
      await until('the archive', async () => {
        const { archivedEvents } = await person.api('getActivity', { bearer: person.accessToken });
        return archivedEvents >= events.length ? true : undefined;
      });
      return { person, tenantId, slug };
    },
    async put(tenantId, more) {
      const Item = { ...controlKeys.tenant(tenantId), ...(await load(tenantId)), ...more };
      await admin.rows.send(new PutCommand({ TableName: admin.control, Item }));
    },
    async picture(tenantId) {
      await quiet(test.cloud);
      const rows = (await allRows(test.cloud, 'Control')).filter((row) => JSON.stringify(row).includes(tenantId));
      return { traces: await tracesOf(test.cloud, tenantId), rows };
    },
    async subscriptionOf(tenantId) {
      const { subscriptionId } = await subscriptionRow(test.cloud, tenantId);
      return admin.stripe(`subscriptions/${subscriptionId}`);
    },
    close: () => test.close(),
  };
}
