import { newId } from '@tenantry/core/ids/id';
import { expect, it } from 'vitest';
import { type Held, heldPerTenant } from './held-per-tenant.ts';

const [one, two, three] = [newId('tenant'), newId('tenant'), newId('tenant')];

function holder(options: { bytesMax?: number } = {}) {
  const state = { now: 0, version: 1, fails: false, loads: 0 };
  const errors: unknown[] = [];
  const get = heldPerTenant<string, undefined>({
    load: async (tenantId): Promise<Held<string>> => {
      state.loads += 1;
      if (state.fails) throw new Error('The bucket does not answer.');
      return { value: `${tenantId} ${state.version}`, etag: String(state.version), bytes: 10 };
    },
    bytesMax: options.bytesMax ?? 1000,
    checkEveryMs: 100,
    now: () => state.now,
    onError: (error) => errors.push(error),
  });
  return { state, errors, of: (tenantId: typeof one) => get(tenantId, undefined) };
}

it('what is held is given without a question until it is due, and then as it has become', async () => {
  const { state, of } = holder();
  await of(one);
  state.version = 2;
  state.now = 99;
  expect(await of(one)).toBe(`${one} 1`);
  expect(state.loads).toBe(1);
  state.now = 100;
  expect(await of(one)).toBe(`${one} 2`);
});

it('while it cannot be asked, what is held serves on, is not asked for with every request, and somebody is told', async () => {
  const { state, errors, of } = holder();
  await of(one);
  Object.assign(state, { fails: true, now: 100 });
  expect([await of(one), await of(one), await of(one)]).toEqual(Array(3).fill(`${one} 1`));
  expect([state.loads, errors.length]).toEqual([2, 1]);
  await expect(of(two)).rejects.toThrow('does not answer');
  Object.assign(state, { fails: false, version: 2, now: 200 });
  expect(await of(one)).toBe(`${one} 2`);
});

it('what is held is given while something newer takes long to come, and then that', async () => {
  const state = { now: 0, release: (_: Held<string>) => undefined as unknown };
  let loads = 0;
  const get = heldPerTenant<string, undefined>({
    load: () => {
      loads += 1;
      if (loads === 1) return Promise.resolve({ value: 'old', etag: '1', bytes: 1 });
      return new Promise<Held<string>>((resolve) => {
        state.release = resolve;
      });
    },
    bytesMax: 10,
    checkEveryMs: 100,
    waitMs: 5,
    now: () => state.now,
  });
  await get(one, undefined);
  state.now = 100;
  expect(await Promise.all([get(one, undefined), get(one, undefined), get(one, undefined)])).toEqual(
    Array(3).fill('old'),
  );
  state.now = 10_000;
  expect(await get(one, undefined)).toBe('old');
  expect(loads).toBe(2);
  state.release({ value: 'new', etag: '2', bytes: 1 });
  await expect.poll(() => get(one, undefined)).toBe('new');
});

it('requests that come together share one question', async () => {
  const { state, of } = holder();
  await Promise.all(Array.from({ length: 20 }, () => of(one)));
  expect(state.loads).toBe(1);
});

it('no tenant ever gets what is another’s, and the least recently used goes first', async () => {
  const { state, of } = holder({ bytesMax: 20 });
  expect([await of(one), await of(two)]).toEqual([`${one} 1`, `${two} 1`]);
  await of(one);
  await of(three);
  expect(state.loads).toBe(3);
  await of(one);
  expect(state.loads).toBe(3);
  await of(two);
  expect(state.loads).toBe(4);
});
