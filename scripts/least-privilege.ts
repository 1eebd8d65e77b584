import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rolesOfProgram } from '@tenantry/local/least-privilege/program';
import { readUses } from '@tenantry/local/least-privilege/recorded-uses';
import { reportOn } from '@tenantry/local/least-privilege/report';
import { renderSummary, renderTable } from '@tenantry/local/least-privilege/table';
import { unusedGrants } from '../stacks/unused-grants.ts';
import { root } from './run-command.ts';

/**
 * `npm run least-privilege`: compares what the program grants with what the last `npm test` used, role by role, and writes the
 * comparison to `test-results/least-privilege.json`. `--summary` leaves the table of all grants out. Exits with 1 on a failure.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { summary: { type: 'boolean', default: false } } });
  const results = join(root, 'test-results');
  const reportFile = join(results, 'least-privilege.json');
  rmSync(reportFile, { force: true });
  const uses = readUses(join(results, 'calls'));
  const report = reportOn(await rolesOfProgram(root), uses, unusedGrants);
  writeFileSync(reportFile, `${JSON.stringify(report, null, 2)}\n`);
  if (!values.summary) process.stdout.write(`${renderTable(report)}\n`);
  process.stdout.write(`${renderSummary(report)}\n`);
  process.exitCode = report.failures.length === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
