import { DomainError } from '@tenantry/core/errors/domain-error';
import { ensureUser } from '@tenantry/core/identity/user';
import { registerTenant } from '@tenantry/core/tenant/registration';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allRows, everyRow, rootClient, tableName } from '../../support/rows.ts';
import { startTestCloud, type TestCloud, unique } from '../../support/test-cloud.ts';

let test: TestCloud;
beforeAll(async () => {
  test = await startTestCloud();
}, 60_000);
afterAll(() => test?.close());

/** Lets nobody on before everybody has arrived. */
function barrier(parties: number): () => Promise<void> {
  let arrived = 0;
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return async () => {
    arrived += 1;
    if (arrived === parties) open();
    await opened;
  };
}

const tables = () => ({
  control: { client: rootClient(test.cloud), name: tableName(test.cloud, 'Control') },
  auditTable: tableName(test.cloud, 'Audit'),
});

const actorOf = async (sub: string) => {
  const { userId } = await ensureUser(tables().control, sub, `${sub}@example.com`);
  return { kind: 'user', sub, userId, tenantId: null, operator: false } as const;
};

it.each([2, 3, 5])('lets one of %i registrations win that all saw the slug free', async (parties) => {
  const slug = unique('contested');
  const meet = barrier(parties);
  const actors = await Promise.all(Array.from({ length: parties }, (_, at) => actorOf(`${slug}-${at}`)));
  const outcomes = await Promise.allSettled(
    actors.map((actor) =>
      registerTenant(
        tables(),
        { name: 'Contested', slug, tier: 'standard' },
        {
          actor,
          at: new Date(),
          openCheckout: async () => {
            await meet();
            return { sessionId: 'cs_test', customerId: 'cus_test' };
          },
          reopenCheckout: () => Promise.reject(new Error('nobody registered before')),
        },
      ),
    ),
  );
  const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as DomainError] : []));
  expect(won).toHaveLength(1);
  expect(lost.map(({ code, fields }) => `${code} ${fields[0]?.field}`)).toEqual(
    Array(parties - 1).fill('slug_taken slug'),
  );
  const rows = await allRows(test.cloud, 'Control');
  expect(rows.filter((row) => row.slug === slug)).toHaveLength(1);
  const members = rows.filter(({ pk, sk }) => String(pk).includes(slug) && String(sk).startsWith('TENANT#'));
  expect(members).toHaveLength(1);
});

it('writes nothing when the payment page cannot be opened, or the input is refused', async () => {
  const actor = await actorOf(unique('nobody'));
  const before = await everyRow(test.cloud);
  const attempt = (
    change: { slug?: string; tier?: string },
    openCheckout: () => Promise<{ sessionId: string; customerId: string }>,
  ) =>
    registerTenant(
      tables(),
      { name: 'Nothing', slug: unique('nothing'), tier: 'standard', ...change },
      { actor, at: new Date(), openCheckout, reopenCheckout: openCheckout },
    );
  const unavailable = () => Promise.reject(new DomainError('payment_unavailable', 'not now'));
  const fine = async () => ({ sessionId: 'cs', customerId: 'cus' });
  await expect(attempt({}, unavailable)).rejects.toMatchObject({ code: 'payment_unavailable' });
  await expect(attempt({ slug: 'admin' }, fine)).rejects.toMatchObject({ code: 'slug_reserved' });
  await expect(attempt({ tier: 'gold' }, fine)).rejects.toMatchObject({ code: 'unknown_tier' });
  expect(await everyRow(test.cloud)).toBe(before);
});
