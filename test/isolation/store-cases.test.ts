import { type AccessProfile, accessProfiles } from '@tenantry/core/isolation/profiles';
import { expect, it } from 'vitest';
import { itemAttempts } from './stores/item-attempts.ts';
import { type TableCase, tableCases } from './stores/store-cases.ts';

/** `TENANT#{tenant}#MAIL` as it is, `{tenant}#S#*` as what such a pattern takes. */
const taking = (pattern: string, tenant: string): ((pk: string) => boolean) => {
  const own = pattern.replaceAll('{tenant}', tenant);
  return (pk) => (own.endsWith('*') ? pk.startsWith(own.slice(0, -1)) : pk === own);
};

it('every partition that a profile grants has a row to try it on', () => {
  const bare = Object.values<AccessProfile>(accessProfiles)
    .flatMap(({ grants }) => grants)
    .flatMap((grant) =>
      grant.on === 'table' ? grant.leadingKeys.map((pattern) => [grant.table, pattern] as const) : [],
    )
    .filter(([table, pattern]) => {
      const tableCase: TableCase = tableCases[table];
      return !tableCase.rowsOf('ten_1').some(({ pk }) => taking(pattern, 'ten_1')(pk));
    });
  expect([...new Set(bare.map((names) => names.join(' ')))]).toEqual([]);
});

it('every grant that names attributes has an attempt that names no others', () => {
  const untried = Object.entries<AccessProfile>(accessProfiles).flatMap(([profile, { grants }]) =>
    grants.flatMap((grant) => {
      if (grant.on !== 'table' || !grant.attributes) return [];
      const { attributes, actions, table } = grant;
      const tried = itemAttempts.filter((attempt) => attempt.attributes.every((name) => attributes.includes(name)));
      return actions
        .filter((action) => !tried.some((attempt) => action === `dynamodb:${attempt.action}`))
        .map((action) => `${profile}: ${action} of ${table}`);
    }),
  );
  expect(untried).toEqual([]);
});
