import type { TenantStatus } from '@tenantry/core/tenant/status';
import { type Person, until } from '@tenantry/local/demo/journey';
import { runJob } from '../support/usage.ts';
import { blows, faultsOf } from './blows.ts';
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
  readonly statuses: { readonly failed: TenantStatus | readonly TenantStatus[]; readonly reached: TenantStatus };
  /** The machine takes back what it did when something fails for good, and ends well. */
  readonly undoes?: true;
  /** The state that fails for good, so that the journey comes to what is done about it. */
  readonly failing?: string;
  /** Its tasks fail for good one after the other in the long campaign only. */
  readonly stepwise?: 'long';
}

type Tier = 'standard' | 'premium';

const onboarding = (tier: Tier, more: Partial<Journey> = {}): Journey => ({
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
  ...more,
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
  operator.api('reactivateTenant', {
    bearer: operator.accessToken,
    params: { tenantId },
    query: { reason: 'All is well again' },
  });

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

const keys = new Map<string, Promise<string>>();

/** A tier has few keys, and a company is used by many cases. */
function keyOf({ tenantId, person }: Company): Promise<string> {
  const known = keys.get(tenantId) ?? person.createKey('secret');
  keys.set(tenantId, known);
  return known;
}

/** An active company that has events, in its table and in the archive. */
async function trading(world: World, tier: Tier): Promise<Company> {
  const company = await world.borrow(tier);
  const { api, accessToken } = company.person;
  const { archivedEvents } = await api('getActivity', { bearer: accessToken });
  if (archivedEvents === 0) await send(company, 'shopper', ['lamp', 'chair', 'lamp']);
  return company;
}

/** A shopper of the company looks at items, and the archive has it. */
async function send(company: Company, shopperId: string, itemIds: readonly string[]): Promise<void> {
  const { api, accessToken } = company.person;
  const archived = async () => (await api('getActivity', { bearer: accessToken })).archivedEvents;
  const before = await archived();
  const events = itemIds.map((itemId) => ({ shopperId, itemId, type: 'view' }));
  await api('collectEvents', { bearer: await keyOf(company), body: { events } });
  await until('the archive', async () => ((await archived()) > before ? true : undefined));
}

const training = (tier: Tier, more: Partial<Journey> = {}): Journey => ({
  prepare: (world) => trading(world, tier),
  start: train,
  retry: train,
  async problem(_, { person }) {
    const { training: newest } = await person.api('listModels', { bearer: person.accessToken });
    if (newest?.status === 'succeeded') return undefined;
    return newest?.reason ?? `${newest?.status}, no reason`;
  },
  statuses: { failed: 'active', reached: 'active' },
  ...more,
});

const merge = ({ test }: World, { tenantId }: Company) => runJob(test.cloud, 'schedule-training', { only: tenantId });

/** A trading company that merged nothing yet: the next merge after one is due only when its tier's interval has passed. */
async function unmerged(world: World): Promise<Company> {
  const passedOver: Company[] = [];
  for (;;) {
    const company = await trading(world, 'standard');
    const { merge: newest } = await company.person.api('listModels', { bearer: company.person.accessToken });
    if (!newest) {
      for (const other of passedOver) await world.giveBack(other);
      return company;
    }
    passedOver.push(company);
  }
}

/** A company whose model serves, and lacks an event that is in the archive. */
const merging: Journey = {
  async prepare(world) {
    const company = await unmerged(world);
    const { api, accessToken } = company.person;
    const read = () => api('listModels', { bearer: accessToken });
    await train(world, company);
    await until('the model', async () => ((await read()).training?.status === 'succeeded' ? true : undefined));
    await send(company, 'another', ['lamp']);
    return company;
  },
  start: merge,
  retry: merge,
  async problem(_, { person }) {
    const { models, merge: newest } = await person.api('listModels', { bearer: person.accessToken });
    if (newest?.problem) return newest.problem;
    return models.find(({ serving }) => serving)?.madeBy === 'merge' ? undefined : 'nothing was merged';
  },
  statuses: { failed: 'active', reached: 'active' },
};

const remove = ({ operator }: World, { tenantId }: Company) =>
  operator.api('deleteTenant', {
    bearer: operator.accessToken,
    params: { tenantId },
    body: { reason: 'The customer asked for it in writing' },
  });

const deletion = (tier: Tier, more: Partial<Journey> = {}): Journey => ({
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
  ...more,
});

const askForExport = (_: World, { person }: Company) => person.api('startExport', { bearer: person.accessToken });

const exporting: Journey = {
  prepare: (world) => trading(world, 'standard'),
  start: askForExport,
  retry: askForExport,
  async problem(_, { person }) {
    const { exports } = await person.api('listExports', { bearer: person.accessToken });
    const [newest] = exports;
    return newest?.status === 'succeeded' ? undefined : (newest?.reason ?? `${newest?.status}, no reason`);
  },
  statuses: { failed: 'active', reached: 'active' },
};

const eraseShopper = (_: World, { person }: Company) =>
  person.api('requestErasure', { bearer: person.accessToken, body: { shopperId: 'leaver' } });

/** A company with a shopper who wants to be forgotten; of the others enough is left to train on. */
const erasing: Journey = {
  async prepare(world) {
    const company = await trading(world, 'standard');
    await send(company, 'leaver', ['lamp']);
    return company;
  },
  start: eraseShopper,
  retry: eraseShopper,
  async problem(_, { person }) {
    const { erasures } = await person.api('listErasures', { bearer: person.accessToken });
    const [newest] = erasures;
    // What an erasure begins must have ended before another journey trains the same company.
    await until('the next model', async () => {
      const { training } = await person.api('listModels', { bearer: person.accessToken });
      return training?.status === 'running' ? undefined : true;
    });
    return newest?.status === 'done' ? undefined : (newest?.reason ?? `${newest?.status}, no reason`);
  },
  statuses: { failed: 'active', reached: 'active' },
};

async function askForTier(person: Person, tier: 'premium' | 'enterprise'): Promise<void> {
  await person.refresh();
  await person.api('changeTier', { bearer: person.accessToken, body: { tier } });
}

const askForSilo = (_: World, { person }: Company) => askForTier(person, 'premium');

/** Goes on with a change that came to a halt, or asks for it again when it was undone. */
async function resumeOr(
  { operator }: World,
  { person, tenantId }: Company,
  ask: () => Promise<void>,
): Promise<unknown> {
  const { change } = await person.api('getTierChange', { bearer: person.accessToken });
  if (!change) return ask();
  return operator.api('resumeTierChange', {
    bearer: operator.accessToken,
    params: { tenantId },
    body: { reason: 'It came to a halt' },
  });
}

/** Why a company that wanted the tier does not have it. */
async function problemOfTierChange(_: World, { person }: Company, wanted: string): Promise<string | undefined> {
  const { change } = await person.api('getTierChange', { bearer: person.accessToken });
  if (change) return change.problem ?? 'no reason';
  const { tier } = await person.api('getTenant', { bearer: person.accessToken });
  if (tier === wanted) return undefined;
  const { entries } = await person.api('listAudit', { bearer: person.accessToken });
  return String(entries.find(({ action }) => action === 'tenant.tier.undoing')?.details.reason ?? 'no reason');
}

const tierChange = (more: Partial<Journey>): Journey => ({
  prepare: (world) => trading(world, 'standard'),
  start: askForSilo,
  retry: (world, company) => resumeOr(world, company, () => askForSilo(world, company)),
  problem: (world, company) => problemOfTierChange(world, company, 'premium'),
  statuses: { failed: ['active', 'migrating'], reached: 'active' },
  undoes: true,
  ...more,
});

const ofPool = {
  onboarding: onboarding('standard'),
  training: training('standard'),
  deletion: deletion('standard', { stepwise: 'long' }),
} as const;
const ofSilo = {
  onboarding: onboarding('premium'),
  training: training('premium'),
  deletion: deletion('premium'),
} as const;
/** Whose Job is taken back, since it cannot be made. */
const trainingInVain = training('premium', { failing: 'StartJob' });
const toSilo = tierChange({ stepwise: 'long' });
/** Undone, since the payment fails for good. */
const toSiloAndBack = tierChange({ stepwise: 'long', failing: 'Charge' });
/** Taken back, since its last step fails for good when everything is made. */
const toSiloInVain = onboarding('premium', { failing: 'Finish' });

/** Fails for good in a function that the machine asks for the action. */
function strike({ test, states }: World, { tenantId }: Company, name: string): void {
  const state = states.find((one) => one.machine === 'TierChange' && one.name === name);
  if (!state) throw new Error(`The change of tier has no state ${name}.`);
  for (const fault of faultsOf(state, [blows.fails], tenantId)) test.cloud.lambda.injectFault(fault);
}

const undo = async (_: World, { person }: Company) => {
  await person.refresh();
  await person.api('undoTierChange', { bearer: person.accessToken });
};

/** An owner takes back a change that came to a halt right after its beginning. */
const undoing: Journey = {
  async prepare(world) {
    const company = await trading(world, 'standard');
    const before = await world.executions.of('TierChange', company.tenantId);
    for (const name of ['Capacity', 'Undo']) strike(world, company, name);
    await askForSilo(world, company);
    await world.executions.ended('TierChange', company.tenantId, before.length);
    return company;
  },
  start: undo,
  retry: undo,
  async problem(_, { person }) {
    const { change } = await person.api('getTierChange', { bearer: person.accessToken });
    return change ? (change.problem ?? 'no reason') : undefined;
  },
  statuses: { failed: 'migrating', reached: 'active' },
};

/** From one tier with a silo to another, and back since the payment fails: the silo gets its old objects again. */
const resizing: Journey = {
  prepare: (world) => world.borrow('premium'),
  start: (_, { person }) => askForTier(person, 'enterprise'),
  retry: (world, company) => resumeOr(world, company, () => askForTier(company.person, 'enterprise')),
  problem: (world, company) => problemOfTierChange(world, company, 'enterprise'),
  statuses: { failed: ['active', 'migrating'], reached: 'active' },
  undoes: true,
  failing: 'Charge',
  stepwise: 'long',
};

/** The journey that passes through a state of a machine. */
const journeys: Readonly<Record<string, (state: string) => Journey>> = {
  Onboarding: (state) => {
    if (state.startsWith('Undo')) return toSiloInVain;
    return (['Begin', 'PlaceInPool', 'Finish'].includes(state) ? ofPool : ofSilo).onboarding;
  },
  Suspension: (state) => (state === 'Activate' ? reactivation : suspension),
  Training: (state) => {
    if (state === 'UndoJob') return trainingInVain;
    if (state.includes('Merge')) return merging;
    return (state.includes('Job') ? ofSilo : ofPool).training;
  },
  Deletion: (state) => (state.includes('Silo') ? ofSilo : ofPool).deletion,
  Export: () => exporting,
  Erasure: () => erasing,
  TierChange: (state) => {
    if (state === 'UndoAsAsked') return undoing;
    if (/^Reapply/.test(state)) return resizing;
    return ['Undo', 'RestorePrice', 'EraseSilo'].includes(state) ? toSiloAndBack : toSilo;
  },
};

/** @throws {Error} for a machine that nobody has said how to start */
export function journeyThrough(machine: string, state: string): Journey {
  const journey = journeys[machine]?.(state);
  if (!journey) throw new Error(`The machine ${machine} has no journey in test/faults/journeys.ts.`);
  return journey;
}
