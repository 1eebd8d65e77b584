import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openClusterDatabase } from './database.ts';
import { type Change, createStore, type Draft } from './store.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'store-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const draft = (name: string, data: object = {}): Draft => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  data,
  metadata: { name, namespace: 'ns', uid: name, generation: 1, creationTimestamp: '2030-01-01T00:00:00Z' },
});

describe('the store', () => {
  it('has everything again after it was opened anew, and never gives a version twice', () => {
    const first = openClusterDatabase(dir);
    const before = createStore(first);
    before.put(draft('kept', { a: '1' }));
    before.put(draft('kept', { a: '2' }));
    before.remove(before.put(draft('removed')));
    first.close();

    const second = openClusterDatabase(dir);
    const after = createStore(second);
    expect(after.list('ConfigMap').items.map((one) => [one.metadata.name, one.data])).toEqual([['kept', { a: '2' }]]);
    expect(after.version).toBe(before.version);
    expect(Number(after.put(draft('new')).metadata.resourceVersion)).toBeGreaterThan(before.version);
    second.close();
  });

  it('tells a watch what it missed, or that it missed too much', () => {
    const database = openClusterDatabase(dir);
    const store = createStore(database);
    const from = store.version;
    const heard: Change[] = [];
    const end = store.subscribe((change) => heard.push(change));
    store.remove(store.put(draft('a')));
    expect(store.since(from)).toEqual(heard);
    expect(heard.map(({ type }) => type)).toEqual(['ADDED', 'DELETED']);
    end();
    for (let index = 0; index < 2100; index += 1) store.put(draft('a', { index }));
    expect(heard).toHaveLength(2);
    expect(store.since(from)).toBeUndefined();
    expect(store.since(store.version)).toEqual([]);
    database.close();
  });

  it('cannot tell a watch what happened before it was opened', () => {
    const first = openClusterDatabase(dir);
    const before = createStore(first);
    const from = before.version;
    before.put(draft('a'));
    first.close();
    const second = openClusterDatabase(dir);
    expect(createStore(second).since(from)).toBeUndefined();
    second.close();
  });
});
