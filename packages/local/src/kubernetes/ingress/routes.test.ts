import { describe, expect, it } from 'vitest';
import type { Store } from '../store/store.ts';
import { memoryStore } from '../testing/memory-store.ts';
import { backendOf, readyPods } from './routes.ts';

const metadata = (name: string, extra: object = {}) => ({
  name,
  namespace: 'ns',
  uid: name,
  generation: 1,
  creationTimestamp: '2030-01-01T00:00:00Z',
  ...extra,
});
const path = (path: string, service: string, pathType = 'Prefix') => ({
  path,
  pathType,
  backend: { service: { name: service } },
});

function storeWith(...rules: readonly object[]): Store {
  const store = memoryStore();
  store.put({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', spec: { rules }, metadata: metadata('one') });
  return store;
}

describe('routing', () => {
  const store = storeWith(
    { host: 'a.example', http: { paths: [path('/', 'root'), path('/api', 'api'), path('/only', 'only', 'Exact')] } },
    { host: '*.wild.example', http: { paths: [path('/', 'wild')] } },
    { host: 'empty.example' },
  );
  it.each([
    ['a.example', '/', 'root'],
    ['a.example', '/api', 'api'],
    ['a.example', '/api/x', 'api'],
    ['a.example', '/apix', 'root'],
    ['a.example', '/only', 'only'],
    ['a.example', '/only/x', 'root'],
    ['x.wild.example', '/', 'wild'],
    ['x.y.wild.example', '/', undefined],
    ['wild.example', '/', undefined],
    ['empty.example', '/', undefined],
    ['b.example', '/', undefined],
  ])('sends %s%s to %s', (host, asked, service) => expect(backendOf(store, host, asked)?.service).toBe(service));

  it('goes to pods that are ready, stay, and have the service’s labels in its namespace', () => {
    const cluster = memoryStore();
    cluster.put({ apiVersion: 'v1', kind: 'Service', spec: { selector: { app: 'a' } }, metadata: metadata('web') });
    cluster.put({ apiVersion: 'v1', kind: 'Service', spec: {}, metadata: metadata('none') });
    const pod = (name: string, ready: string, extra: object = {}) =>
      cluster.put({
        apiVersion: 'v1',
        kind: 'Pod',
        spec: {},
        status: { conditions: [{ type: 'Ready', status: ready }] },
        metadata: metadata(name, { labels: { app: 'a' }, ...extra }),
      });
    pod('good', 'True');
    pod('starting', 'False');
    pod('stopping', 'True', { deletionTimestamp: '2030-01-01T00:00:00Z' });
    pod('foreign', 'True', { namespace: 'other' });
    pod('unlike', 'True', { labels: { app: 'b' } });
    expect(readyPods(cluster, { namespace: 'ns', service: 'web' })).toEqual(['good']);
    expect(readyPods(cluster, { namespace: 'ns', service: 'none' })).toEqual([]);
    expect(readyPods(cluster, { namespace: 'ns', service: 'missing' })).toEqual([]);
  });
});
