import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withCapacityTable } from '../../scripts/capacity-table.ts';
import { withTables } from '../../scripts/isolation-tables.ts';
import { withMoneyTables } from '../../scripts/money-tables.ts';
import { root } from './graphs.ts';

it('docs/isolation.md says what is deployed; `npm run docs` brings it up to date', () => {
  const page = readFileSync(join(root, 'docs/isolation.md'), 'utf8');
  expect(page).toBe(withTables(page));
});

it('docs/limits.md says how many silos fit by the limits that the onboarding looks at', () => {
  const page = readFileSync(join(root, 'docs/limits.md'), 'utf8');
  expect(page).toBe(withCapacityTable(page));
});

it('docs/money.md says what the price list and the profile of calls come to', () => {
  const page = readFileSync(join(root, 'docs/money.md'), 'utf8');
  expect(page).toBe(withMoneyTables(page));
});
