import { newId } from '@tenantry/core/ids/id';
import { needsOf, roleVariable } from '@tenantry/core/isolation/environment';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createScope } from './scope.ts';

/** What a function may ask for, by its type and when it is tried all the same. Nothing here calls AWS. */
const scope = { tenantId: newId('tenant'), requestId: 'request-1' };
const names = {
  CONTROL_TABLE: 'control',
  AUDIT_TABLE: 'audit',
  EVENTS_TABLE: 'events',
  SHOPPERS_TABLE: 'shoppers',
  SILO_TABLE_PREFIX: 'silo-',
};

beforeEach(() => {
  for (const [name, value] of Object.entries({ ...names, AWS_REGION: 'us-east-1' })) vi.stubEnv(name, value);
  for (const name of ['api/keys', 'api/collector'] as const) {
    for (const profile of needsOf(name).profiles) vi.stubEnv(roleVariable(profile), `arn:aws:iam::1:role/${profile}`);
  }
});
afterEach(() => vi.unstubAllEnvs());

it('gives a function the stores of its profiles, under their physical names', () => {
  const scoped = createScope('api/keys')(scope);
  expect(scoped['tenant-member'].Control.name).toBe('control');
  expect(scoped['tenant-keys'].Audit.name).toBe('audit');
  const { Events, SiloEvents } = createScope('api/collector')(scope)['tenant-data'];
  expect([Events.name, SiloEvents.name]).toEqual(['events', `silo-${scope.tenantId}-events`]);
});

it('refuses a profile that the function does not have, which is a type error too', () => {
  const scoped = createScope('api/keys')(scope);
  // @ts-expect-error: not among the profiles of `api/keys`
  expect(() => scoped['tenant-data']).toThrow(
    'The function api/keys may not ask for the access profile "tenant-data".',
  );
});

it('refuses a store that the profile has no grant on, which is a type error too', () => {
  const profile = createScope('api/keys')(scope)['tenant-keys'];
  // @ts-expect-error: `tenant-keys` has no grant on the usage meters
  expect(() => profile.Usage).toThrow('The access profile "tenant-keys" has no grant on "Usage".');
});

it('gives each profile clients of its own, and each tenant too', () => {
  const scopeOf = createScope('api/keys');
  const [own, other] = [scopeOf(scope), scopeOf({ ...scope, tenantId: newId('tenant') })];
  const clients = [
    own['tenant-member'].Control.client,
    own['tenant-keys'].Control.client,
    other['tenant-member'].Control.client,
    other['tenant-keys'].Control.client,
  ];
  expect(new Set(clients).size).toBe(4);
  expect(scopeOf({ ...scope, requestId: 'request-2' })['tenant-keys'].Control.client).toBe(clients[1]);
});

it('gives new clients after a tenant was forgotten, so that none keeps the credentials of before', () => {
  const scopeOf = createScope('api/keys');
  const before = scopeOf(scope)['tenant-keys'].Control.client;
  scopeOf.forget(scope.tenantId);
  expect(scopeOf(scope)['tenant-keys'].Control.client).not.toBe(before);
});

it('does not start without the names of what it may reach', () => {
  vi.stubEnv('AUDIT_TABLE', '');
  expect(() => createScope('api/keys')).toThrow(/AUDIT_TABLE/);
});
