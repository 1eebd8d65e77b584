import { type AccessProfile, accessProfiles } from '@tenantry/core/isolation/profiles';
import { expect, it } from 'vitest';
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
