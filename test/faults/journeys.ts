import type { TenantStatus } from '@tenantry/core/tenant/status';
import { until } from '@tenantry/local/demo/journey';
import type { Company, World } from './world.ts';

/** What a state machine does for a tenant, from the outside: by the API alone. */
export interface Journey {
  /** A tenant that stands right before it. */
  prepare(world: World): Promise<Company>;
  start(world: World, company: Company): Promise<unknown>;
  /** Starts it again after it failed. */
  retry(world: World, company: Company): Promise<unknown>;
  /** Why it failed, as people are told; undefined when it reached its goal. */
  problem(world: World, company: Company): Promise<string | undefined>;
  /** What a tenant may be when it failed, and what it is when it did not. */
  readonly statuses: { readonly failed: TenantStatus; readonly reached: TenantStatus };
}

type Tier = 'standard' | 'premium';

const onboarding = (tier: Tier): Journey => ({
  prepare: (world) => world.newcomer(tier),
  start: (_, { person, checkoutUrl }) => person.pay(checkoutUrl),
  async retry(_, { person }) {
    await person.refresh();
    await person.api('retryOnboarding', { bearer: person.accessToken });
  },
  async problem(_, { person }) {
    const { status, steps } = await person.api('getOnboarding', { bearer: person.accessToken });
    const failed = steps.find(({ outcome }) => outcome === 'failed');
    if (status !== 'failed' && !failed) return undefined;
    return failed?.reason ?? 'no reason';
  },
  statuses: { failed: 'failed', reached: 'active' },
});

/** What the operator sees of a change that did not go through. */
async function problemOfChange({ operator }: World, { tenantId }: Company): Promise<string | undefined> {
  const { suspension } = await operator.api('readTenant', { bearer: operator.accessToken, params: { tenantId } });
  return suspension?.problem ?? undefined;
}

const suspend = ({ operator }: World, { tenantId }: Company) =>
  operator.api('suspendTenant', {
    bearer: operator.accessToken,
    params: { tenantId },
    body: { reason: 'unpaid for two months' },
  });

const reactivate = ({ operator }: World, { tenantId }: Company) =>
  operator.api('reactivateTenant', { bearer: operator.accessToken, params: { tenantId } });

const suspension: Journey = {
  prepare: (world) => world.borrow('premium'),
  start: suspend,
  retry: suspend,
  problem: problemOfChange,
  statuses: { failed: 'suspended', reached: 'suspended' },
};

const reactivation: Journey = {
  async prepare(world) {
    const company = await world.borrow('premium');
    const before = await world.executions.of('Suspension', company.tenantId);
    await suspend(world, company);
    await world.executions.ended('Suspension', company.tenantId, before.length);
    return company;
  },
  start: reactivate,
  retry: reactivate,
  problem: problemOfChange,
  statuses: { failed: 'suspended', reached: 'active' },
};

const train = async (_: World, { person }: Company) => {
  await person.refresh();
  await person.api('trainModel', { bearer: person.accessToken });
};

/** An active company that has events, in its table and in the archive. */
async function trading(world: World, tier: Tier): Promise<Company> {
  const company = await world.borrow(tier);
  const { api, accessToken } = company.person;
  const archived = async () => (await api('getActivity', { bearer: accessToken })).archivedEvents;
  if ((await archived()) > 0) return company;
  const key = await company.person.createKey('secret');
  const events = ['lamp', 'chair', 'lamp'].map((itemId) => ({ shopperId: 'shopper', itemId, type: 'view' }));
  await api('collectEvents', { bearer: key, body: { events } });
  await until('the archive', async () => ((await archived()) > 0 ? true : undefined));
  return company;
}

const training: Journey = {
  prepare: (world) => trading(world, 'standard'),
  start: train,
  retry: train,
  async problem(_, { person }) {
    const { training: newest } = await person.api('listModels', { bearer: person.accessToken });
    if (newest?.status === 'succeeded') return undefined;
    return newest?.reason ?? `${newest?.status}, no reason`;
  },
  statuses: { failed: 'active', reached: 'active' },
};

const exportData = async (_: World, { person }: Company) => {
  await person.refresh();
  await person.api('startExport', { bearer: person.accessToken });
};

const exporting: Journey = {
  prepare: (world) => trading(world, 'standard'),
  start: exportData,
  retry: exportData,
  async problem(_, { person }) {
    const { exports } = await person.api('listExports', { bearer: person.accessToken });
    const [newest] = exports;
    if (newest?.status === 'succeeded') return undefined;
    return newest?.reason ?? `${newest?.status}, no reason`;
  },
  statuses: { failed: 'active', reached: 'active' },
};

const remove = ({ operator }: World, { tenantId }: Company) =>
  operator.api('deleteTenant', {
    bearer: operator.accessToken,
    params: { tenantId },
    body: { reason: 'The customer asked for it in writing' },
  });

const deletion = (tier: Tier): Journey => ({
  prepare: (world) => trading(world, tier),
  start: remove,
  retry: remove,
  async problem({ operator }, { tenantId }) {
    const { deletionProblem } = await operator.api('readTenant', {
      bearer: operator.accessToken,
      params: { tenantId },
    });
    return deletionProblem ?? undefined;
  },
  statuses: { failed: 'deactivating', reached: 'deleted' },
});

const ofPool = { onboarding: onboarding('standard'), deletion: deletion('standard') } as const;
const ofSilo = { onboarding: onboarding('premium'), deletion: deletion('premium') } as const;

/** The journey that passes through a state of a machine. */
const journeys: Readonly<Record<string, (state: string) => Journey>> = {
  Onboarding: (state) => (['Begin', 'PlaceInPool', 'Finish'].includes(state) ? ofPool : ofSilo).onboarding,
  Suspension: (state) => (state === 'Activate' ? reactivation : suspension),
  Training: () => training,
  Export: () => exporting,
  Deletion: (state) => (state.includes('Silo') ? ofSilo : ofPool).deletion,
};

/** @throws {Error} for a machine that nobody has said how to start */
export function journeyThrough(machine: string, state: string): Journey {
  const journey = journeys[machine]?.(state);
  if (!journey) throw new Error(`The machine ${machine} has no journey in test/faults/journeys.ts.`);
  return journey;
}
