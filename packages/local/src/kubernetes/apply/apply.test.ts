import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAdmission } from '../admission/admit.ts';
import { createRegistry } from '../api/registry.ts';
import { StatusError } from '../api/status.ts';
import type { KubernetesObject } from '../object.ts';
import { kindNamed } from '../schema/kinds.ts';
import { memoryStore } from '../testing/memory-store.ts';
import { fieldsOf, fromFieldsV1, toFieldsV1 } from './field-set.ts';
import { without } from './merge.ts';

function registry() {
  const store = memoryStore();
  const inner = createRegistry({ store, now: () => 0, admit: createAdmission(10) });
  return {
    store,
    apply: (kind: string, body: { metadata: { name: string } }, manager = 'a', force = false): KubernetesObject =>
      inner.apply({ kind: kindNamed(kind), namespace: undefined, name: body.metadata.name, body, manager, force })
        .object,
  };
}

const pool = (spec: object, metadata: object = {}) => ({
  apiVersion: 'eks.amazonaws.com/v1',
  kind: 'IngressClassParams',
  metadata: { name: 'one', ...metadata },
  spec,
});
const applied = (object: KubernetesObject): object => ({ spec: object.spec, labels: object.metadata.labels });

const specs = fc.record(
  {
    scheme: fc.constantFrom('internal', 'internet-facing'),
    ipAddressType: fc.constantFrom('ipv4', 'dualstack'),
    certificateARNs: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
    group: fc.record({ name: fc.constantFrom('x', 'y') }),
  },
  { requiredKeys: ['scheme'] },
);

const env = (entries: Readonly<Record<string, string>>) =>
  Object.entries(entries).map(([name, value]) => ({ name, value }));
const pods = (variables: Readonly<Record<string, string>>, extra: object = {}) => ({
  spec: { template: { spec: { containers: [{ name: 'app', image: 'i', env: env(variables), ...extra }] } } },
});
const deploymentField = kindNamed('Deployment').field;

describe('server-side apply', () => {
  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const { apply, store } = registry();
        const first = apply('IngressClassParams', pool(spec));
        const { version } = store;
        expect(apply('IngressClassParams', pool(spec))).toBe(first);
        expect(store.version).toBe(version);
      }),
    );
  });

  it('makes the object what its only manager says now, whatever it said before', () => {
    fc.assert(
      fc.property(fc.array(specs, { minLength: 1, maxLength: 4 }), specs, (before, last) => {
        const { apply } = registry();
        for (const spec of before) apply('IngressClassParams', pool(spec));
        const fresh = registry().apply('IngressClassParams', pool(last));
        const sorted = (spec: unknown) =>
          JSON.stringify(spec, (_, value) => (Array.isArray(value) ? [...value].sort() : value));
        const after = apply('IngressClassParams', pool(last));
        expect(JSON.parse(sorted(after.spec))).toEqual(JSON.parse(sorted(fresh.spec)));
        expect(after.metadata.managedFields).toEqual(fresh.metadata.managedFields);
      }),
    );
  });

  it('keeps what others have said, in whichever order they came', () => {
    const mine = pool({ scheme: 'internal' }, { labels: { mine: '1' } });
    const theirs = pool({ ipAddressType: 'ipv4' }, { labels: { theirs: '2' } });
    const { apply } = registry();
    apply('IngressClassParams', mine, 'a');
    const one = apply('IngressClassParams', theirs, 'b');
    const other = registry();
    other.apply('IngressClassParams', theirs, 'b');
    expect(applied(other.apply('IngressClassParams', mine, 'a'))).toEqual(applied(one));
    expect(applied(one)).toEqual({
      spec: { scheme: 'internal', ipAddressType: 'ipv4' },
      labels: { mine: '1', theirs: '2' },
    });
    expect(applied(apply('IngressClassParams', pool({ scheme: 'internal' }), 'a'))).toEqual({
      spec: { scheme: 'internal', ipAddressType: 'ipv4' },
      labels: { theirs: '2' },
    });
  });

  it('refuses another value for a field that somebody else holds, and names both', () => {
    const { apply, store } = registry();
    apply('IngressClassParams', pool({ scheme: 'internal' }), 'first');
    const { version } = store;
    const attempt = () => apply('IngressClassParams', pool({ scheme: 'internet-facing' }), 'second');
    expect(attempt).toThrow(StatusError);
    expect(attempt).toThrow('conflict with "first": .spec.scheme');
    expect(store.version).toBe(version);
  });

  it('shares a field where both want the same value, and keeps it while one of them does', () => {
    const { apply } = registry();
    apply('IngressClassParams', pool({ scheme: 'internal' }), 'first');
    apply('IngressClassParams', pool({ scheme: 'internal', ipAddressType: 'ipv4' }), 'second');
    const after = apply('IngressClassParams', pool({}), 'first');
    expect(after.spec).toEqual({ scheme: 'internal', ipAddressType: 'ipv4' });
  });

  it('takes the field over when forced, and the other may no longer change it', () => {
    const { apply } = registry();
    apply('IngressClassParams', pool({ scheme: 'internal' }), 'first');
    const taken = apply('IngressClassParams', pool({ scheme: 'internet-facing' }), 'second', true);
    expect(taken.spec).toEqual({ scheme: 'internet-facing' });
    expect(taken.metadata.managedFields?.map((entry) => entry.manager)).toEqual(['second']);
    expect(() => apply('IngressClassParams', pool({ scheme: 'internal' }), 'first')).toThrow('conflict with "second"');
  });

  it('removes whole elements of a keyed list that are no longer stated, and nothing of those that are', () => {
    const names = fc.uniqueArray(fc.constantFrom('A', 'B', 'C', 'D'), { maxLength: 4 });
    const variables = names.map((list) => Object.fromEntries(list.map((name) => [name, `${name}1`])));
    fc.assert(
      fc.property(variables, variables, (before, after) => {
        const store = memoryStore();
        const inner = createRegistry({ store, now: () => 0, admit: createAdmission(10) });
        store.put({
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: 'ns', uid: 'ns', generation: 1, creationTimestamp: '' },
        });
        const send = (entries: Readonly<Record<string, string>>) => {
          const { template } = pods(entries).spec;
          const body = {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: { name: 'web' },
            spec: {
              selector: { matchLabels: { a: 'b' } },
              template: { metadata: { labels: { a: 'b' } }, ...template },
            },
          };
          const kind = kindNamed('Deployment');
          return inner.apply({ kind, namespace: 'ns', name: 'web', body, manager: 'a', force: false }).object;
        };
        send(before);
        const { template } = send(after).spec as ReturnType<typeof pods>['spec'];
        const left = template.spec.containers[0]?.env ?? [];
        expect(Object.fromEntries(left.map(({ name, value }) => [name, value]))).toEqual(after);
        expect(left).toHaveLength(Object.keys(after).length);
      }),
    );
  });

  it('counts a generation for a new specification, and none for new labels', () => {
    const { apply } = registry();
    const generations = [
      pool({ scheme: 'internal' }),
      pool({ scheme: 'internal' }, { labels: { a: 'b' } }),
      pool({ scheme: 'internet-facing' }, { labels: { a: 'b' } }),
    ].map((body) => apply('IngressClassParams', body).metadata.generation);
    expect(generations).toEqual([1, 1, 2]);
  });
});

describe('sets of fields', () => {
  it('go into the API form and back', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[A-Z]{1,4}$/), fc.string({ maxLength: 4 })), (variables) => {
        const fields = fieldsOf(deploymentField, pods(variables, { command: ['a', 'b'] }));
        expect(fromFieldsV1(toFieldsV1(fields.keys()))).toEqual(new Set(fields.keys()));
      }),
    );
  });

  it('name elements of a keyed list by their key, and take other lists as one', () => {
    const paths = [...fieldsOf(deploymentField, pods({ A: '1' }, { command: ['x'] })).keys()].map((path) =>
      path.split('\n').slice(4).join(' '),
    );
    expect(paths).toEqual([
      'k:{"name":"app"}',
      'k:{"name":"app"} f:name',
      'k:{"name":"app"} f:image',
      'k:{"name":"app"} f:env k:{"name":"A"}',
      'k:{"name":"app"} f:env k:{"name":"A"} f:name',
      'k:{"name":"app"} f:env k:{"name":"A"} f:value',
      'k:{"name":"app"} f:command',
    ]);
  });

  it('can be taken away in any order', () => {
    const value = pods({ A: '1', B: '2' });
    const gone = [...fieldsOf(deploymentField, pods({ A: '1' })).keys()].filter((path) => path.includes('"A"'));
    fc.assert(
      fc.property(fc.shuffledSubarray(gone, { minLength: gone.length }), (paths) => {
        expect(without(deploymentField, value, paths)).toEqual(pods({ B: '2' }));
      }),
    );
  });
});
