import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTables } from './isolation-tables.ts';
import { root } from './run-command.ts';

/** `npm run docs`: brings the tables of `docs/isolation.md` up to date. */
const file = join(root, 'docs', 'isolation.md');
writeFileSync(file, withTables(readFileSync(file, 'utf8')));
