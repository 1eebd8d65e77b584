import { EventEmitter, once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newId, type TenantId } from '../ids/id.ts';
import { createCredentialVendor, type TenantCredentials, TenantForgottenError } from './credentials.ts';
import type { FunctionProfile } from './profiles.ts';
import { type StsAnswer, type StsCall, startStsServer } from './testing/sts-server.ts';

const MAX = 3;
const tenants = Array.from({ length: 4 }, () => newId('tenant'));
const roleArns: Partial<Record<FunctionProfile, string>> = {
  'tenant-data': 'arn:aws:iam::000000000000:role/data',
  'tenant-usage': 'arn:aws:iam::000000000000:role/usage',
};

const tenant = fc.constantFrom(...tenants);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      tenantId: tenant,
      profile: fc.constantFrom<FunctionProfile>('tenant-data', 'tenant-usage'),
      tier: fc.constantFrom('standard', 'premium'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      which: fc.nat(),
      lifeSeconds: fc.constantFrom(3600, 3600, 900, 0, 'AccessDenied' as const),
      // Else what follows races with the answer.
      arrives: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('forget' as const), tenantId: tenant }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 299, 301, 3299, 3301, 4000) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
type Ask = Extract<Step, { do: 'ask' }>;

/** An `AssumeRole` that STS has not answered yet. */
interface Open {
  readonly call: StsCall;
  readonly reply: (answer: StsAnswer) => void;
}

const scopeOf = ({ parameters, tags }: StsCall): string => `${parameters.RoleArn} ${tags.TenantId} ${tags.Tier}`;

/** One life of a vendor. @returns what was seen that must never be */
async function violationsOf(steps: readonly Step[]): Promise<readonly string[]> {
  const violations: string[] = [];
  /** Grows with everything that happens, so that any two things have an order. */
  let moment = 0;
  let clock = Date.parse('2026-11-20T12:00:00Z');
  let open: readonly Open[] = [];
  let requests = 0;
  const arrivals = new EventEmitter();
  const arrivedAt = new Map<number, number>();
  const forgotten: { readonly tenantId: TenantId; readonly at: number }[] = [];
  const settled: Promise<void>[] = [];
  const settledByCall = new Map<number, Promise<void>>();

  const sts = await startStsServer((call) => {
    moment += 1;
    arrivedAt.set(call.serial, moment);
    if (open.some((other) => scopeOf(other.call) === scopeOf(call))) violations.push(`asked twice: ${scopeOf(call)}`);
    const { promise, resolve } = Promise.withResolvers<StsAnswer>();
    open = [...open, { call, reply: resolve }];
    arrivals.emit('call');
    return promise;
  });
  const vendor = createCredentialVendor({ sts: sts.client, roleArns, now: () => clock, max: MAX });

  const check = ({ tenantId, profile, tier }: Ask, credentials: TenantCredentials): void => {
    const serial = Number(credentials.accessKeyId.replace('ASIA', ''));
    const call = sts.calls[serial - 1];
    if (!call || scopeOf(call) !== `${roleArns[profile]} ${tenantId} ${tier}`) violations.push("somebody else's");
    if (credentials.expiration.getTime() <= clock) violations.push('expired');
    const since = arrivedAt.get(serial) ?? 0;
    if (forgotten.some((one) => one.tenantId === tenantId && one.at > since)) violations.push('forgotten');
  };
  const refused = ({ tenantId }: Ask, askedAt: number, error: Error): void => {
    const withdrawn = forgotten.some((one) => one.tenantId === tenantId && one.at > askedAt);
    const expected =
      error instanceof TenantForgottenError
        ? withdrawn
        : /AccessDenied/.test(error.name) || /expired/.test(error.message);
    if (!expected) violations.push(`refused: ${error}`);
  };

  const ask = async (asked: Ask): Promise<void> => {
    const { misses } = vendor.statistics();
    const at = moment;
    requests += 1;
    const end = vendor
      .credentialsFor(asked.profile, { tenantId: asked.tenantId, requestId: 'r', tier: asked.tier })
      .then(
        (credentials) => check(asked, credentials),
        (error) => refused(asked, at, error),
      );
    settled.push(end);
    if (vendor.statistics().misses > misses) settledByCall.set(misses + 1, end);
    while (arrivedAt.size < vendor.statistics().misses) await once(arrivals, 'call');
  };
  const answer = ({ call, reply }: Open, lifeSeconds: number | 'AccessDenied'): Promise<void> | undefined => {
    open = open.filter((other) => other.call !== call);
    reply(lifeSeconds === 'AccessDenied' ? lifeSeconds : { expiresAt: clock + lifeSeconds * 1000 });
    return settledByCall.get(call.serial);
  };
  const forget = (tenantId: TenantId): void => {
    vendor.forget(tenantId);
    moment += 1;
    forgotten.push({ tenantId, at: moment });
    open = open.filter(({ call }) => call.tags.TenantId !== tenantId);
  };

  try {
    for (const one of steps) {
      // Whatever came out so far is checked before anything else happens.
      await turn();
      moment += 1;
      const chosen = one.do === 'answer' ? open[one.which % open.length] : undefined;
      if (one.do === 'ask') await ask(one);
      else if (one.do === 'forget') forget(one.tenantId);
      else if (one.do === 'wait') clock += one.seconds * 1000;
      else if (chosen && one.arrives) await answer(chosen, one.lifeSeconds);
      else if (chosen) void answer(chosen, one.lifeSeconds);
      if (vendor.statistics().size > MAX) violations.push('more than there is room for');
    }
    for (const left of open) void answer(left, 3600);
    await Promise.all(settled);
    const { hits, misses } = vendor.statistics();
    if (hits + misses !== requests || misses !== sts.calls.length) violations.push('miscounted');
    return violations;
  } finally {
    sts.close();
  }
}

it('gives nobody credentials of another tenant, profile or tier, expired, or from before the tenant was forgotten; asks once at a time; stays bounded', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }), async (steps) => {
      expect(await violationsOf(steps)).toEqual([]);
    }),
    { numRuns: 80 },
  );
});
