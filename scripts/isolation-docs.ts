import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withCapacityTable } from './capacity-table.ts';
import { withTables } from './isolation-tables.ts';
import { withMoneyTables } from './money-tables.ts';
import { root } from './run-command.ts';

/** `npm run docs`: brings the tables of `docs/isolation.md`, `docs/limits.md` and `docs/money.md` up to date. */
for (const [name, update] of [
  ['isolation.md', withTables],
  ['limits.md', withCapacityTable],
  ['money.md', withMoneyTables],
] as const) {
  const file = join(root, 'docs', name);
  writeFileSync(file, update(readFileSync(file, 'utf8')));
}
