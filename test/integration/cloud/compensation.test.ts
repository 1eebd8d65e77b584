import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { shopperKey } from '@tenantry/core/shoppers/registry';
import { siloNamespace } from '@tenantry/core/silo/names';
import { type Person, until } from '@tenantry/local/demo/journey';
import { resourceNamed } from '@tenantry/local/program/graph';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administrator } from '../../support/administrator.ts';
import { brokenSilos } from '../../support/broken-silos.ts';
import { codeOf } from '../../support/codes.ts';
import { reconcile, told } from '../../support/reconciliation.ts';
import { rootClient, tableName } from '../../support/rows.ts';
import { type Newcomer, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';
import { tracesOf } from '../../support/traces.ts';
import { partsByHand } from './reconciliation/parts.ts';

/** What a failed onboarding had made and what cannot, or must not, be taken back at once. */
let test: TestCloud;
let operator: Person;
let admin: ReturnType<typeof administrator>;
let parts: ReturnType<typeof partsByHand>;

beforeAll(async () => {
  test = await startTestCloud({ waitScale: 0.02 });
  operator = await test.operator();
  admin = administrator(test.cloud);
  parts = partsByHand(admin);
}, 300_000);
afterAll(() => test?.close());

type Company = Newcomer & { readonly tenantId: TenantId };

async function newcomer(): Promise<Company> {
  const company = await test.newcomer('premium');
  if (!isTenantId(company.tenantId)) throw new Error(`${company.tenantId} is no tenant's id.`);
  return { ...company, tenantId: company.tenantId };
}
const timelineOf = ({ person }: Company) => person.api('getOnboarding', { bearer: person.accessToken });
const stepOf = async (company: Company, name: string) =>
  (await timelineOf(company)).steps.find(({ step }) => step === name);
const untilStatus = (company: Company, wanted: string, timeoutMs = 150_000) =>
  until(
    `the status ${wanted}`,
    async () => ((await timelineOf(company)).status === wanted ? true : undefined),
    timeoutMs,
  );
const readTenant = ({ tenantId }: Company) =>
  operator.api('readTenant', { bearer: operator.accessToken, params: { tenantId } });
const findingsOf = async ({ tenantId }: Company, fix = false) =>
  (await reconcile(test.cloud, { fix })).findings.filter((finding) => finding.tenantId === tenantId);
/** What there is in the cloud under its name beside rows of the registry. */
const thingsOf = async ({ tenantId }: Company) =>
  (await tracesOf(test.cloud, tenantId)).filter((trace) => !trace.startsWith('row ') || trace.includes('#PROBE '));

/** What is left of a table that holds events: their copies in the archive are data of the tenant, too. */
const kindsOf = (things: readonly string[]) =>
  things.map((thing) => thing.split(' ')[0]).filter((kind) => kind !== 'object');

/** Ends the onboarding for good in one of its last tasks, when everything is made. */
function failAtTheEnd({ tenantId }: Company) {
  const finish = admin.functionOf('tasks/onboarding-finish')?.arn ?? '';
  return test.cloud.lambda.injectFault({
    function: finish,
    event: { tenantId, action: 'activate' },
    kind: 'throws-before',
    error: { errorType: 'Error', errorMessage: 'The last step fails' },
  });
}
/** Keeps a part of the silo from being taken back. */
const keepFromRemoval = ({ tenantId }: Company, part: 'cluster' | 'table') =>
  test.cloud.lambda.injectFault({
    function: admin.functionOf('tasks/deletion-silo')?.arn ?? '',
    event: { tenantId, part },
    kind: 'throws-before',
    error: { errorType: 'Error', errorMessage: 'The network is on strike' },
  });

async function startRun({ tenantId }: Company, run: number, name = `${tenantId}-${run}`): Promise<void> {
  const { arn: stateMachineArn } = resourceNamed(test.cloud.graph, 'aws:sfn/stateMachine:StateMachine', 'Onboarding');
  await admin.states.send(
    new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify({ tenantId, run }) }),
  );
}

async function retried(company: Company): Promise<void> {
  const { person } = company;
  await person.refresh();
  const { run } = await person.api('retryOnboarding', { bearer: person.accessToken });
  await person.onboarded({ run });
  expect((await readTenant(company)).onboardingProblem).toBeNull();
  expect(await findingsOf(company)).toEqual([]);
}

describe('what cannot be taken back at once', () => {
  it.each([
    ['cluster', 'silo', 'storage', /^Namespace /],
    ['table', 'storage', 'silo', /^table /],
  ] as const)(
    'of the %s is remembered, keeps nothing else, and is swept by the reconciliation when it mends',
    async (part, left, gone, trace) => {
      const company = await newcomer();
      failAtTheEnd(company);
      keepFromRemoval(company, part);
      await company.person.pay(company.checkoutUrl);
      await untilStatus(company, 'failed');

      expect(await stepOf(company, left)).toMatchObject({
        outcome: 'succeeded',
        undo: { outcome: 'failed', reason: 'The network is on strike' },
      });
      expect(await stepOf(company, gone)).toMatchObject({ undo: { outcome: 'done', reason: null } });
      expect(await stepOf(company, 'finish')).toMatchObject({ outcome: 'failed', reason: 'The last step fails' });
      expect((await readTenant(company)).onboardingProblem).toBe('The network is on strike');
      const things = await thingsOf(company);
      expect(things.some((thing) => trace.test(thing))).toBe(true);

      const findings = await findingsOf(company);
      expect(findings.map(({ kind, mended }) => ({ kind, mended }))).toEqual([{ kind: 'leftovers', mended: false }]);
      expect(findings.map(told).join()).toContain('The network is on strike');
      expect((await findingsOf(company, true)).map(({ kind, mended }) => ({ kind, mended }))).toEqual([
        { kind: 'leftovers', mended: true },
      ]);
      await until('nothing left', async () => ((await thingsOf(company)).length === 0 ? true : undefined), 150_000);
      await untilStatus(company, 'failed');
      expect(await findingsOf(company)).toEqual([]);
      expect((await readTenant(company)).onboardingProblem).toBeNull();
      expect(await stepOf(company, left)).toMatchObject({ undo: { outcome: 'done' } });
      // Sweeping is none of the onboarding's steps: why it failed stays.
      expect(await stepOf(company, 'finish')).toMatchObject({ outcome: 'failed', reason: 'The last step fails' });
      await retried(company);
    },
    300_000,
  );

  it('is used again by a retry', async () => {
    const company = await newcomer();
    failAtTheEnd(company);
    keepFromRemoval(company, 'cluster');
    keepFromRemoval(company, 'table');
    await company.person.pay(company.checkoutUrl);
    await untilStatus(company, 'failed');
    await retried(company);
    expect((await timelineOf(company)).steps.every(({ undo }) => undo === null)).toBe(true);
  }, 300_000);

  it('and that nobody remembers is found and swept all the same, but for what holds data', async () => {
    const company = await newcomer();
    const { tenantId } = company;
    failAtTheEnd(company);
    await company.person.pay(company.checkoutUrl);
    await untilStatus(company, 'failed');
    expect(await thingsOf(company)).toEqual([]);
    await parts.makeNamespace(tenantId);
    await parts.makeMapping(await parts.makeTable(parts.tableOf(tenantId)));
    const kinds = async (fix: boolean) =>
      (await findingsOf(company, fix)).map(({ kind, mended }) => `${kind} ${mended}`);
    expect((await kinds(false)).sort()).toEqual(['eventSourceMapping false', 'namespace false', 'siloTable false']);
    await putEvent(company);
    // Mending the first takes the onboarding back, which sees to the others, and may do so before their turn comes.
    const [first, ...others] = await kinds(true);
    expect(first).toBe('siloTable true');
    expect(['eventSourceMapping true', 'namespace true']).toEqual(expect.arrayContaining(others));
    const namespaces = async () => (await thingsOf(company)).filter((thing) => thing.startsWith('Namespace'));
    await until('the namespace to go', async () => ((await namespaces()).length === 0 ? true : undefined), 150_000);
    await untilStatus(company, 'failed');
    expect(await kinds(false)).toEqual([]);
    expect(kindsOf(await thingsOf(company))).toEqual(['table', 'mapping']);
  }, 300_000);
});

/** Puts an event into the silo's table, registered as every event is. */
async function putEvent({ tenantId }: Company): Promise<void> {
  const rows = rootClient(test.cloud);
  const put = (TableName: string, Item: Record<string, unknown>) => rows.send(new PutCommand({ TableName, Item }));
  await put(tableName(test.cloud, 'Shoppers'), shopperKey(tenantId, 'shopper'));
  const at = new Date().toISOString();
  await put(parts.tableOf(tenantId), { pk: `${tenantId}#shopper`, sk: `${at}#evt_1`, itemId: 'lamp', type: 'view' });
}

describe('data', () => {
  it('is never taken back: an events table that holds events stays with its way to the archive, and a retry uses it', async () => {
    const company = await newcomer();
    const { tenantId, person, checkoutUrl } = company;
    const replace = test.cloud.kubernetes?.replaceImage;
    replace?.(siloNamespace(tenantId), brokenSilos[0].broken);
    await person.pay(checkoutUrl);
    await until('the table', async () =>
      (await stepOf(company, 'storage'))?.outcome === 'succeeded' ? true : undefined,
    );
    await putEvent(company);
    await untilStatus(company, 'failed');
    expect(await stepOf(company, 'storage')).toMatchObject({
      undo: { outcome: 'kept', reason: 'The events table holds events' },
    });
    expect(await stepOf(company, 'silo')).toMatchObject({ undo: { outcome: 'done' } });
    expect(kindsOf(await thingsOf(company))).toEqual(['table', 'mapping']);
    // Remembered, and nothing that anybody has to do something about.
    expect(await findingsOf(company)).toEqual([]);
    replace?.(siloNamespace(tenantId), undefined);
    await retried(company);
    const events = (await tracesOf(test.cloud, tenantId)).filter((trace) => trace.includes('#shopper'));
    expect(events.some((trace) => trace.includes(parts.tableOf(tenantId)))).toBe(true);
  }, 300_000);
});

describe('a retry', () => {
  it('is refused while what the last attempt had made is taken back, and one that began all the same waits for that', async () => {
    const company = await newcomer();
    const { person, tenantId } = company;
    failAtTheEnd(company);
    await person.pay(company.checkoutUrl);
    await until('the way back', async () =>
      (await stepOf(company, 'silo'))?.undo?.outcome === 'running' ? true : undefined,
    );
    await person.refresh();
    expect(await codeOf(person.api('retryOnboarding', { bearer: person.accessToken }))).toBe('tenant_not_active');
    await startRun(company, 2);
    await person.onboarded({ run: 2 });
    const { steps } = await timelineOf(company);
    expect(steps.every(({ outcome, undo }) => outcome === 'succeeded' && undo === null)).toBe(true);
    expect(await findingsOf(company)).toEqual([]);
    expect((await thingsOf(company)).filter((thing) => thing.includes(tenantId.slice(4))).length).toBeGreaterThan(0);
  }, 300_000);

  it('of an execution that stopped half-way through taking back goes on with that, and not with the onboarding', async () => {
    const company = await newcomer();
    const { tenantId, person } = company;
    failAtTheEnd(company);
    await person.pay(company.checkoutUrl);
    await until('the way back', async () =>
      (await stepOf(company, 'silo'))?.undo?.outcome === 'running' ? true : undefined,
    );
    // Of two executions that would take back the newer one does.
    await startRun(company, 1, `${tenantId}-1-again`);
    await untilStatus(company, 'failed');
    await until('nothing left', async () => ((await thingsOf(company)).length === 0 ? true : undefined), 150_000);
    expect(await stepOf(company, 'finish')).toMatchObject({ outcome: 'failed', reason: 'The last step fails' });
    await retried(company);
  }, 300_000);
});
