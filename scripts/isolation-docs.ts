import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withCapacityTable } from './capacity-table.ts';
import { withTables } from './isolation-tables.ts';
import { root } from './run-command.ts';

/** `npm run docs`: brings the tables of `docs/isolation.md` and `docs/limits.md` up to date. */
for (const [name, update] of [
  ['isolation.md', withTables],
  ['limits.md', withCapacityTable],
] as const) {
  const file = join(root, 'docs', name);
  writeFileSync(file, update(readFileSync(file, 'utf8')));
}
