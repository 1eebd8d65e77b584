import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readStructured } from './log-line.ts';
import { createLogStore, type LogStore } from './log-store.ts';

let dir: string;
let store: LogStore;
const line = (text: string, requestId = 'r1') => ({ function: 'f', requestId, level: 'INFO', text });

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'logs-'));
  store = createLogStore({ dir, now: () => 5, capacity: 100 });
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

test('a structured line is found by its tenant and shows its own level', () => {
  store.write(line('{"tenantId":"ten_1","level":"warn","message":"m"}'));
  store.write(line('plain ten_1'));
  expect(store.search({ tenantId: 'ten_1' })).toEqual([
    {
      id: 1,
      time: 5,
      function: 'f',
      requestId: 'r1',
      level: 'WARN',
      tenantId: 'ten_1',
      text: '{"tenantId":"ten_1","level":"warn","message":"m"}',
    },
  ]);
  expect(store.search({ requestId: 'r1' }).map((one) => one.id)).toEqual([1, 2]);
  expect(store.search({ function: 'other' })).toEqual([]);
});

test('lines are there after a restart and the numbering goes on', () => {
  store.write(line('before'));
  store.close();
  store = createLogStore({ dir, now: () => 6, capacity: 100 });
  store.write(line('after'));
  expect(store.search({}).map(({ id, text }) => [id, text])).toEqual([
    [1, 'before'],
    [2, 'after'],
  ]);
});

test('only the newest lines are kept, and of them the newest are given first', () => {
  for (let index = 1; index <= 350; index += 1) store.write(line(`line ${index}`));
  expect(store.search({ limit: 1000 }).map((one) => one.id)).toEqual(Array.from({ length: 100 }, (_, i) => i + 251));
  for (let index = 351; index <= 355; index += 1) store.write(line(`line ${index}`));
  expect(store.search({ limit: 1000 }).map((one) => one.id)).toEqual(Array.from({ length: 100 }, (_, i) => i + 256));
  expect(store.search({ limit: 2 }).map((one) => one.text)).toEqual(['line 354', 'line 355']);
});

test('a very long line is cut and says so', () => {
  store.write(line('x'.repeat(100_000)));
  const [kept] = store.search({});
  expect(kept?.text.length).toBeLessThan(66_000);
  expect(kept?.text).toContain('(100000 characters)');
});

test('a tail sees every line until it is stopped', () => {
  const seen: string[] = [];
  const stop = store.tail((one) => seen.push(one.text));
  store.write(line('a'));
  stop();
  store.write(line('b'));
  expect(seen).toEqual(['a']);
});

test('no text makes the reader of structured lines fail', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.string().map((text) => `{${text}`),
      ),
      (text) => void readStructured(text),
    ),
  );
});
