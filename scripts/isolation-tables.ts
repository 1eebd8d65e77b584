import { type Crossing, type FunctionAccess, functionAccess } from '@tenantry/core/isolation/functions';
import { type AccessProfile, accessProfiles, type Grant } from '@tenantry/core/isolation/profiles';
import { rules } from '@tenantry/local/policy-lint/rules';

/** The tables of `docs/isolation.md`, made from the tables that deployment itself is made from. */

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const code = (text: string): string => `\`${text}\``;
const actionsOf = (actions: readonly string[]): string =>
  actions.map((action) => action.slice(action.indexOf(':') + 1)).join(', ');

function grantText(grant: Grant): string {
  switch (grant.on) {
    case 'table': {
      const attributes = grant.attributes ? `, attributes ${grant.attributes.map(code).join(' ')} only` : '';
      return `${actionsOf(grant.actions)} of ${grant.table}, keys ${grant.leadingKeys.map(code).join(' ')}${attributes}`;
    }
    case 'siloTable':
      return `${actionsOf(grant.actions)} of its own events table`;
    case 'bucket':
      return `${actionsOf(grant.actions)} below ${code(grant.prefix)}`;
  }
}

const crossingText = ({ table, index, actions, leadingKeys }: Crossing): string =>
  `${actionsOf(actions)} of ${table}${index ? `, index ${code(index)}` : ''}, keys ${leadingKeys.map((key) => code(key.replace(/\?{26}/g, '…'))).join(' ')}`;

const functions = Object.entries<FunctionAccess>(functionAccess);

function profileTable(): string {
  const rows = Object.entries<AccessProfile>(accessProfiles).map(([name, { description, principal, grants }]) => {
    const takers = functions.filter(([, { profiles }]) => profiles.some((profile) => profile === name));
    return row(
      code(name),
      description,
      grants.map(grantText).join('; '),
      principal === 'pod' ? "the silo's pods" : takers.map(([path]) => code(path)).join(' '),
    );
  });
  return [
    row('profile', 'for', 'allows, of the one tenant', 'taken by'),
    row('---', '---', '---', '---'),
    ...rows,
  ].join('\n');
}

function crossingTable(): string {
  const rows = functions.flatMap(([path, { crosses }]) =>
    crosses ? [row(code(path), crosses.grants.map(crossingText).join('; '), crosses.because)] : [],
  );
  return [row('function', 'own grants', 'because'), row('---', '---', '---'), ...rows].join('\n');
}

function ruleTable(): string {
  return [
    row('rule', 'because'),
    row('---', '---'),
    ...rules.map(({ name, refuses }) => row(code(name), refuses)),
  ].join('\n');
}

const tables: Readonly<Record<string, () => string>> = {
  profiles: profileTable,
  crossings: crossingTable,
  rules: ruleTable,
};

/** The page with every table between its markers made anew. @throws when a marker is missing */
export function withTables(page: string): string {
  let result = page;
  for (const [name, make] of Object.entries(tables)) {
    const pattern = new RegExp(`(<!-- table:${name} -->\\n)[\\s\\S]*?(<!-- end:${name} -->)`);
    if (!pattern.test(result)) throw new Error(`The page has no place for the table ${name}.`);
    result = result.replace(pattern, (_, begin: string, end: string) => `${begin}${make()}\n${end}`);
  }
  return result;
}
