import { type FlagRow, readFlags, setFlag } from '@tenantry/core/flag/flag-row';
import { type FlagName, flagNamed, flagNames } from '@tenantry/core/flag/flags';
import { createApi } from '../middleware/api.ts';
import { ownTables } from '../scoped/own-tables.ts';

const { Control: control, Audit: audit } = ownTables('api/flags');

function flagView(name: FlagName, row: FlagRow | undefined) {
  const { description, default: usual, kinds } = flagNamed(name);
  const { rule = null, revision = 0, changedAt = null, changedBy = null } = row ?? {};
  return { name, description, default: usual, kinds: [...kinds], rule, revision, changedAt, changedBy };
}

export const handler = createApi('flags', undefined, {
  listFlags: async () => {
    const rows = await readFlags(control);
    return { flags: flagNames.map((name) => flagView(name, rows.get(name))) };
  },
  setFlag: async ({ params: { flag }, body, actor, now }) =>
    flagView(flag, await setFlag({ control, auditTable: audit.name }, flag, body, { actor, at: now })),
});
