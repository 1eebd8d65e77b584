import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openSession, startInstance } from '../testing/instance.ts';
import { openDatabase } from './database.ts';

const dir = mkdtempSync(join(tmpdir(), 'stripe-database-'));

afterAll(() => rmSync(dir, { recursive: true }));

test('a file from before there was an agenda gets one when it is opened', async () => {
  const instance = await startInstance();
  const { id, expires_at } = await openSession(instance.stripe);
  const file = join(instance.dir, 'stripe.db');
  const older = openDatabase(file);
  older.sql.exec('DROP TABLE agenda');
  older.close();
  const store = openDatabase(file);
  expect(store.due('', expires_at)).toEqual({ id, kind: 'checkout.session', at: expires_at });
  store.close();
  await instance.close();
});

test('what is rehearsed gives its result and leaves nothing behind', () => {
  const store = openDatabase(join(dir, 'stripe.db'));
  const count = () => Number(store.sql.prepare('SELECT count(*) AS n FROM objects').get()?.n);
  const insert = () =>
    store.sql.exec("INSERT INTO objects (id, kind, created, document, hidden) VALUES ('a', 'event', 0, '{}', '{}')");
  expect(
    store.transaction(() =>
      store.rehearse(() => {
        insert();
        return count();
      }),
    ),
  ).toBe(1);
  expect(() =>
    store.rehearse(() => {
      insert();
      throw new Error('refused');
    }),
  ).toThrow('refused');
  expect(count()).toBe(0);
  store.close();
});
