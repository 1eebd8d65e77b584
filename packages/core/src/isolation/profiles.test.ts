import { expect, it } from 'vitest';
import type { Route } from '../contract/route.ts';
import { contract } from '../contract/routes.ts';
import { accessOf } from './environment.ts';
import { type AccessProfile, accessProfiles, countsRequests } from './profiles.ts';

const grants = Object.entries<AccessProfile>(accessProfiles).flatMap(([name, { grants }]) =>
  grants.map((grant): [string, AccessProfile['grants'][number]] => [name, grant]),
);

it.each(grants)('%s is limited to one tenant in each grant: %o', (_, grant) => {
  if (grant.on === 'table') {
    expect(grant.leadingKeys.length).toBeGreaterThan(0);
    for (const key of grant.leadingKeys)
      expect(key).toMatch(/^(TENANT#\{tenant\}(#[A-Z]+)?|\{tenant\}#([A-Z]+|([A-Z]+#)?\*))$/);
  }
  if (grant.on === 'bucket') expect(grant.prefix).toMatch(/^\w+\/\{tenant\}\/(\w+\/|mdl_)?$/);
});

it('never grants Scan, a wildcard, PartiQL or changes of tables', () => {
  for (const [, { actions }] of grants) {
    for (const action of actions)
      expect(action).not.toMatch(/Scan|\*|PartiQL|(Create|Update|Delete)Table$|DeleteBucket/);
  }
});

it('every function that answers shops may count their requests, or it could answer none', () => {
  const answering = Object.values<Route>(contract).filter(({ access }) => access.by === 'apiKey');
  expect(answering.length).toBeGreaterThan(0);
  for (const { function: name } of answering) {
    expect(accessOf(`api/${name}`).profiles.some(countsRequests), name).toBe(true);
  }
});
