import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { controlKeys } from '@tenantry/core/control/keys';
import { createIdSource, isTenantId, type TenantId } from '@tenantry/core/ids/id';
import type { Finding } from '@tenantry/core/reconciliation/report';
import { siloName, siloNamespace, trainerName } from '@tenantry/core/silo/names';
import { providerNameOf } from '@tenantry/core/sso/provider-name';
import { priceKey } from '@tenantry/core/tier/price';
import { portOffsets } from '@tenantry/local/cloud/ports';
import { type Person, until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administrator } from '../../support/administrator.ts';
import { claimsOf } from '../../support/pool-token.ts';
import { reconcile, told } from '../../support/reconciliation.ts';
import { leaveProvider } from '../../support/sso.ts';
import { root, startTestCloud, type TestCloud, unique } from '../../support/test-cloud.ts';
import { tracesOf } from '../../support/traces.ts';
import { partsByHand } from './reconciliation/parts.ts';
import { registryByHand } from './reconciliation/registry.ts';

interface Company {
  readonly person: Person;
  readonly tenantId: TenantId;
  readonly slug: string;
}

let test: TestCloud;
let operator: Person;
let parts: ReturnType<typeof partsByHand>;
let registry: ReturnType<typeof registryByHand>;
let admin: ReturnType<typeof administrator>;
let standard: Company;
let premium: Company;
let suspended: Company;
let pending: Company;
/** A company that was never paid for, and is deleted. */
let expired: Company;

const checked = <T extends { readonly tenantId: string }>(company: T): T & { readonly tenantId: TenantId } => {
  const { tenantId } = company;
  if (!isTenantId(tenantId)) throw new Error(`${tenantId} is no tenant's id.`);
  return { ...company, tenantId };
};
const statusOf = async (tenantId: string) => {
  const { status } = await operator.api('readTenant', { bearer: operator.accessToken, params: { tenantId } });
  return status;
};
const reach = (tenantId: string, wanted: string) =>
  until(`the status ${wanted}`, async () => ((await statusOf(tenantId)) === wanted ? true : undefined));
const suspend = (tenantId: string) =>
  operator.api('suspendTenant', { bearer: operator.accessToken, params: { tenantId }, body: { reason: 'unpaid' } });

async function register(): Promise<Company> {
  const person = await test.signUp();
  const slug = unique('unpaid');
  const { tenantId } = await person.register({ name: 'Unpaid', slug, tier: 'standard' });
  return checked({ person, tenantId, slug });
}

const clean = async (): Promise<void> => {
  let last: readonly Finding[] = [];
  await until('nothing to find', async () => {
    last = (await reconcile(test.cloud)).findings;
    return last.length === 0 ? true : undefined;
  }).catch((error: unknown) => {
    throw new Error(`There is still something to find: ${last.map(told).join('; ')}`, { cause: error });
  });
};

beforeAll(async () => {
  test = await startTestCloud();
  operator = await test.operator();
  admin = administrator(test.cloud);
  parts = partsByHand(admin);
  registry = registryByHand(test.cloud, admin);
  standard = checked(await test.founder('standard'));
  premium = checked(await test.founder('premium'));
  suspended = checked(await test.founder('premium'));
  pending = await register();
  expired = await register();
  await suspend(suspended.tenantId);
  await registry.expire(expired.tenantId);
  await until('the silo to stop', async () => {
    const pods = test.cloud.kubernetes?.pods() ?? [];
    return pods.some(({ namespace }) => suspended.tenantId.endsWith(namespace)) ? undefined : true;
  });
}, 180_000);
afterAll(() => test?.close());

const newId = createIdSource();
const HOUR_MS = 3_600_000;
/** Nobody's: made so long ago that no registration with it can be under way. */
const ghost = (): TenantId => newId('tenant', Date.now() - HOUR_MS);

it('finds nothing where nothing is wrong: served, suspended, waiting for payment, deleted', async () => {
  const { findings, checked: counts } = await reconcile(test.cloud);
  expect(findings.map(told)).toEqual([]);
  expect(counts).toMatchObject({ tenants: 5, siloTable: 2, namespace: 2, deployment: 2, subscription: 3, slug: 4 });
});

interface Wanted {
  readonly kind: Finding['kind'];
  readonly resource: string;
  readonly tenantId: TenantId | null;
  readonly problem?: RegExp;
  readonly command: RegExp;
  /** Left out: it is mended. */
  readonly mended?: false;
}

const inOrder = <T extends Pick<Finding, 'kind' | 'resource'>>(list: readonly T[]): readonly T[] =>
  list.toSorted((a, b) => (`${a.kind} ${a.resource}` < `${b.kind} ${b.resource}` ? -1 : 1));

/** Looks, mends and looks again: what is wrong is told in both runs, with the command that mends it. */
async function expectMended(unsorted: readonly Wanted[]): Promise<void> {
  const wanted = inOrder(unsorted);
  const lines = wanted.map(({ kind, resource, tenantId, problem = /./, command }) => ({
    kind,
    resource,
    tenantId,
    problem: expect.stringMatching(problem),
    command: expect.stringMatching(command),
  }));
  const { findings } = await reconcile(test.cloud);
  expect(inOrder(findings)).toEqual(lines.map((line) => ({ ...line, mended: false })));
  const { findings: after } = await reconcile(test.cloud, { fix: true });
  expect(inOrder(after)).toEqual(lines.map((line, index) => ({ ...line, mended: wanted[index]?.mended ?? true })));
}

/** Without what seals and finds the entries of the audit log, which follows them in its own time. */
const settledTracesOf = async (tenantId: string): Promise<readonly string[]> =>
  (await tracesOf(test.cloud, tenantId)).filter((trace) => !/#(CHAIN|FOUND) /.test(trace));

describe('what has no tenant any more', () => {
  it('is found by its kind, with the command that takes it away, and is taken away, and nothing of anybody else', async () => {
    const before = await Promise.all([standard, premium].map(({ tenantId }) => settledTracesOf(tenantId)));
    const tenantId = ghost();
    const table = parts.tableOf(tenantId);
    const mapping = await parts.makeMapping(await parts.makeTable(table));
    const association = await parts.makeAssociation(tenantId);
    const namespace = await parts.makeNamespace(tenantId);
    const nodePool = await parts.makeNodePool(tenantId);
    const models = await parts.makeObject('MODELS_BUCKET', `models/${tenantId}/`);
    const archive = await parts.makeObject('ARCHIVE_BUCKET', `archive/${expired.tenantId}/`);
    const exports = await parts.makeObject('EXPORTS_BUCKET', `exports/${tenantId}/`);
    const provider = providerNameOf(tenantId);
    await leaveProvider(test, provider);
    await registry.putSlug('forgotten', tenantId);
    const { sub } = claimsOf(standard.person.accessToken);
    const membership = controlKeys.membership(String(sub), tenantId);
    await registry.put({ ...membership, tenantId, role: 'owner', joinedAt: '2026-01-01T00:00:00.000Z' });
    const key = controlKeys.apiKey(expired.tenantId, 'a'.repeat(64));
    await registry.put({ ...key, name: 'left behind' });
    await expectMended([
      { kind: 'siloTable', resource: table, tenantId, command: /^aws dynamodb delete-table --table-name \S+$/ },
      { kind: 'eventSourceMapping', resource: mapping, tenantId, command: /^aws lambda delete-event-source-mapping / },
      { kind: 'podIdentityAssociation', resource: association, tenantId, command: /^aws eks delete-pod-identity-/ },
      { kind: 'namespace', resource: namespace, tenantId, command: /^kubectl delete namespace / },
      { kind: 'nodePool', resource: nodePool, tenantId, command: /^kubectl delete nodepool / },
      { kind: 'models', resource: models, tenantId, command: /^aws s3 rm --recursive s3:\/\/.+\/models\/ten_/ },
      { kind: 'archive', resource: archive, tenantId: expired.tenantId, command: /^aws s3 rm --recursive / },
      { kind: 'exports', resource: exports, tenantId, command: /^aws s3 rm --recursive / },
      {
        kind: 'identityProvider',
        resource: provider,
        tenantId,
        command: /^aws cognito-idp delete-identity-provider --user-pool-id \S+ --provider-name sso-/,
      },
      {
        kind: 'membership',
        resource: `${membership.pk} ${membership.sk}`,
        tenantId,
        command: /^aws dynamodb delete-item/,
      },
      { kind: 'slug', resource: 'forgotten', tenantId, command: /^aws dynamodb delete-item .*SLUG#forgotten/ },
      { kind: 'rows', resource: expired.tenantId, tenantId: expired.tenantId, command: /reconcile -- --fix/ },
    ]);
    await clean();
    expect(await tracesOf(test.cloud, tenantId)).toEqual([]);
    const kept = (await settledTracesOf(expired.tenantId)).map((trace) => trace.split(' ').at(-1)?.slice(0, 4));
    expect(kept.sort()).toEqual(['META', 'PROF', 'aud_', 'aud_']);
    const after = await Promise.all([standard, premium].map(({ tenantId }) => settledTracesOf(tenantId)));
    expect(after).toEqual(before);
  });

  it('is left alone for a while after its tenant changed', async () => {
    const tenantId = newId('tenant');
    await parts.makeObject('MODELS_BUCKET', `models/${tenantId}/`);
    expect((await reconcile(test.cloud, { fix: true, graceMinutes: 20 })).findings).toEqual([]);
    expect((await reconcile(test.cloud, { fix: true })).findings).toMatchObject([{ kind: 'models', mended: true }]);
    await clean();
  });

  it('is only reported when its name tells no tenant', async () => {
    const table = parts.tableOf(ghost()).replace('ten_', 'tmp_');
    await parts.makeTable(table);
    await expectMended([
      { kind: 'siloTable', resource: table, tenantId: null, command: /delete-table/, mended: false },
    ]);
    await parts.takeNamedTable(table);
    await clean();
  });
});

describe('a silo', () => {
  it('that lacks everything is built again, once', async () => {
    const { tenantId } = premium;
    await parts.takeMapping(tenantId);
    await parts.takeTable(tenantId);
    await parts.takeAssociation(tenantId);
    await parts.takeNodePool(tenantId);
    await parts.takeNamespace(tenantId);
    const command = /^aws stepfunctions start-execution .*onboarding --name ten_\S+-again-/;
    const kinds = [
      'siloTable',
      'eventSourceMapping',
      'podIdentityAssociation',
      'trainerAssociation',
      'namespace',
      'nodePool',
      'deployment',
    ] as const;
    await expectMended(
      kinds.map((kind) => ({ kind, resource: tenantId, tenantId, problem: /does not exist/, command })),
    );
    expect(await registry.executionsOf('Onboarding', tenantId)).toHaveLength(2);
    await clean();
    const key = await premium.person.createKey('secret');
    const { servedBy } = await premium.person.api('recommend', { bearer: key, body: { shopperId: 's' } });
    expect(servedBy).toBe('silo');
  }, 90_000);

  it('from before trainings ran in it gets what ties them to their role', async () => {
    const { tenantId } = premium;
    await parts.takeAssociation(tenantId, trainerName);
    const command = /^aws stepfunctions start-execution .*onboarding --name ten_\S+-again-/;
    await expectMended([
      { kind: 'trainerAssociation', resource: tenantId, tenantId, problem: /^The tie of the training /, command },
    ]);
    await clean();
  }, 90_000);

  it('that stands still is started, and one that runs for a suspended company is stopped', async () => {
    await parts.scale(premium.tenantId, true);
    await parts.scale(suspended.tenantId, false);
    const wanted = ({ tenantId }: Company, problem: RegExp): Wanted => {
      const resource = `${siloNamespace(tenantId)}/${siloName}`;
      return { kind: 'replicas', resource, tenantId, problem, command: /^kubectl scale deployment / };
    };
    await expectMended([wanted(premium, /active stands still/), wanted(suspended, /suspended runs/)]);
    await clean();
  });
});

describe('a state machine that does not work on a company any more', () => {
  const again = (machine: string) =>
    new RegExp(`^aws stepfunctions start-execution .*${machine} --name ten_\\S+-again-`);

  it('is started again for a company that is being provisioned', async () => {
    const { tenantId } = standard;
    await registry.setStatus(tenantId, 'provisioning');
    await expectMended([{ kind: 'execution', resource: 'onboarding', tenantId, command: again('onboarding') }]);
    await reach(tenantId, 'active');
    await clean();
  });

  it('is started again for a company that is to be served again', async () => {
    const { tenantId } = suspended;
    await registry.wantActive(tenantId);
    await expectMended([{ kind: 'execution', resource: 'suspension', tenantId, command: again('suspension') }]);
    await reach(tenantId, 'active');
    await clean();
  });

  it('is started again for a company that changes its tier', async () => {
    const { tenantId, person } = checked(await test.founder('standard'));
    await person.api('changeTier', { bearer: person.accessToken, body: { tier: 'premium' } });
    await until('the execution', async () =>
      (await registry.stopExecutions('TierChange', tenantId)) > 0 ? true : undefined,
    );
    await expectMended([{ kind: 'execution', resource: 'tierChange', tenantId, command: again('tier-change') }]);
    await clean();
  });

  it('is started again for a company that leaves', async () => {
    const { tenantId, person, slug } = await test.founder('standard').then(checked);
    await person.api('deactivateTenant', { bearer: person.accessToken, query: { confirm: slug } });
    await until('the execution', async () =>
      (await registry.stopExecutions('Deletion', tenantId)) > 0 ? true : undefined,
    );
    await expectMended([{ kind: 'execution', resource: 'deletion', tenantId, command: again('deletion') }]);
    await clean();
  });
});

/** `npm run reconcile`, as somebody at a terminal runs it. */
async function command(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  const port = String(Number(new URL(test.cloud.urls.aws).port) - portOffsets.aws);
  const script = [join(root, 'scripts', 'reconcile.ts'), '--port', port, '--dir', test.dir, ...args];
  return promisify(execFile)(process.execPath, script).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, output: error.stdout }),
  );
}

describe('the command', () => {
  it('tells what is wrong and how to mend it, ends with 1 while anything is left, and mends when asked to', async () => {
    const folder = await parts.makeObject('MODELS_BUCKET', `models/${ghost()}/`);
    const found = await command('--grace', '0');
    expect(found).toEqual({ code: 1, output: expect.stringContaining(`aws s3 rm --recursive s3://${folder}`) });
    expect(found.output).toContain(`DRIFT   models  ${folder}`);
    const mended = await command('--grace', '0', '--fix');
    expect(mended).toEqual({ code: 0, output: expect.stringContaining('1 mended, 0 left.') });
    const { code, output } = await command('--grace', '0', '--json');
    expect({ code, report: JSON.parse(output) }).toMatchObject({ code: 0, report: { findings: [] } });
  });
});

describe('rows that belong together', () => {
  it('are mended by the one that decides, when the other is missing', async () => {
    const { tenantId, slug, person } = standard;
    const { sub, userId } = claimsOf(person.accessToken);
    const own = controlKeys.membership(String(sub), tenantId);
    const before = [await registry.read(own), await registry.read(controlKeys.slug(slug))];
    await registry.remove(own);
    await registry.remove(controlKeys.slug(slug));
    const member = controlKeys.member(tenantId, String(userId));
    const stranger = controlKeys.membership(String(claimsOf(operator.accessToken).sub), tenantId);
    await registry.put({ ...stranger, tenantId, role: 'owner', joinedAt: '2026-01-01T00:00:00.000Z' });
    await expectMended([
      { kind: 'membership', resource: `${stranger.pk} ${stranger.sk}`, tenantId, command: /^aws dynamodb delete-item/ },
      { kind: 'membership', resource: `${member.pk} ${member.sk}`, tenantId, command: /^aws dynamodb put-item/ },
      { kind: 'slug', resource: slug, tenantId, command: /^aws dynamodb put-item/ },
    ]);
    await clean();
    expect([await registry.read(own), await registry.read(controlKeys.slug(slug))]).toEqual(before);
    expect(await registry.read(stranger)).toBeUndefined();
  });
});

describe('a subscription', () => {
  /** One that a customer pays for, and that says whose it is. */
  async function subscribed(customer: string, tenantId: string): Promise<string> {
    const card = await admin.stripe('payment_methods/pm_card_visa/attach', { customer });
    const { data } = (await admin.stripe(`prices?lookup_keys[0]=${priceKey('standard', 'month')}`)) as {
      data: { id: string }[];
    };
    const { id } = await admin.stripe('subscriptions', {
      customer,
      'items[0][price]': data[0]?.id ?? '',
      default_payment_method: String(card.id),
      'metadata[tenantId]': tenantId,
    });
    return String(id);
  }
  const charge = (id: string, tenantId: string) =>
    admin.stripe(`subscriptions/${id}`, { 'metadata[tenantId]': tenantId });
  const customerOf = async (tenantId: TenantId) =>
    String((await registry.read(controlKeys.subscription(tenantId)))?.customerId);

  it('is ended when its company is deleted, and only reported when nobody knows the company', async () => {
    const { id: customer } = await admin.stripe('customers', { email: 'nobody@example.com' });
    const stranger = ghost();
    const id = await subscribed(String(customer), stranger);
    const line = { kind: 'subscription', resource: id, command: /stripe subscriptions cancel sub_/ } as const;
    await expectMended([{ ...line, tenantId: stranger, mended: false }]);
    expect(await admin.stripe(`subscriptions/${id}`)).toMatchObject({ status: 'active' });

    await charge(id, expired.tenantId);
    await expectMended([{ ...line, tenantId: expired.tenantId }]);
    expect(await admin.stripe(`subscriptions/${id}`)).toMatchObject({ status: 'canceled' });
    await clean();
  });

  it('that changed at Stripe without anybody hearing of it is found, and the company follows', async () => {
    const { tenantId } = await test.founder('standard').then(checked);
    // As good as lost.
    await admin.delayWebhooks(HOUR_MS);
    const { data } = (await admin.stripe(`subscriptions?customer=${await customerOf(tenantId)}`)) as {
      data: { id: string }[];
    };
    // An earlier event that is still looked into shows what Stripe holds now; then nothing differs, and it is changed once more.
    let ends = false;
    await until('a change that nobody heard of', async () => {
      ends = !ends;
      await admin.stripe(`subscriptions/${data[0]?.id}`, { cancel_at_period_end: String(ends) });
      return (await reconcile(test.cloud)).findings.length > 0 ? true : undefined;
    });
    await expectMended([
      {
        kind: 'subscription',
        resource: tenantId,
        tenantId,
        problem: /another detail different/,
        command: /Send the newest event/,
      },
    ]);
    await admin.delayWebhooks(0);
    await clean();
  });

  it('of a company that still waits for its payment begins the onboarding', async () => {
    const { tenantId } = pending;
    await admin.delayWebhooks(HOUR_MS);
    const id = await subscribed(await customerOf(checked({ tenantId }).tenantId), tenantId);
    await expectMended([
      { kind: 'subscription', resource: id, tenantId, problem: /has paid and waits/, command: /Send the newest event/ },
    ]);
    await admin.delayWebhooks(0);
    await reach(tenantId, 'active');
    await clean();
  });
});

describe('the report', () => {
  it('is what operators start and read', async () => {
    const { requestedAt } = await operator.api('startReconciliation', {
      bearer: operator.accessToken,
      body: { fix: false, reason: 'After an outage' },
    });
    const report = await until('the report', async () => {
      const newest = await operator.api('readReconciliation', { bearer: operator.accessToken });
      return (newest.startedAt ?? '') >= requestedAt ? newest : undefined;
    });
    expect(report).toMatchObject({ fix: false, findings: [], findingsLeftOut: 0 });
  });

  it('comes every day by the clock, and mends nothing by itself', async () => {
    const tenantId = ghost();
    await parts.makeObject('MODELS_BUCKET', `models/${tenantId}/`);
    const startedAt = new Date().toISOString();
    const job = test.cloud.scheduler.list().find(({ name }) => name.includes('Reconcile'));
    await test.cloud.scheduler.runNow(job?.name ?? '');
    const { fix, findings } = await until('the report', async () => {
      const newest = await operator.api('readReconciliation', { bearer: operator.accessToken });
      return (newest.startedAt ?? '') >= startedAt ? newest : undefined;
    });
    expect({ fix, findings }).toMatchObject({ fix: false, findings: [{ kind: 'models', tenantId, mended: false }] });
    await reconcile(test.cloud, { fix: true });
    await clean();
  });
});
