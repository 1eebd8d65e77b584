import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run-command.ts';

/**
 * `npm test`: everything that a change must pass. Ends with a line `N passed, N failed, N skipped`, where types and lint count as
 * one test each way, and so does least privilege when all tests ran: a part of them uses a part of the grants.
 */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
}

const reportFile = join(root, 'test-results', 'vitest.json');
const usesDir = join(root, 'test-results', 'calls');
const filters = process.argv.slice(2);
const whole = filters.length === 0;
const seconds = (from: number): string => ((performance.now() - from) / 1000).toFixed(0);

function readReport(): VitestReport | undefined {
  return existsSync(reportFile) ? (JSON.parse(readFileSync(reportFile, 'utf8')) as VitestReport) : undefined;
}

const started = performance.now();
rmSync(reportFile, { force: true });
if (whole) {
  rmSync(usesDir, { recursive: true, force: true });
  process.env.TENANTRY_USES_DIR = usesDir;
}
const checked = await run(process.execPath, ['scripts/check.ts']);
if (whole) await run(process.execPath, ['--disable-warning=ExperimentalWarning', 'scripts/prepare-tests.ts']);
const tested = await run('vitest', [
  'run',
  '--reporter=default',
  '--reporter=json',
  '--reporter=./test/support/flaky-reporter.ts',
  `--outputFile=${reportFile}`,
  ...filters,
]);
const report = readReport();
const others = [checked, ...(whole ? [await run(process.execPath, ['scripts/least-privilege.ts', '--summary'])] : [])];

const passed = (report?.numPassedTests ?? 0) + others.filter((code) => code === 0).length;
// A file that does not load has no tests to count, but is a failure.
const broken = report && tested !== 0 && report.numFailedTests === 0 ? Math.max(1, report.numFailedTestSuites) : 0;
const failed = (report?.numFailedTests ?? 1) + broken + others.filter((code) => code !== 0).length;
process.stdout.write(`\nAll of it took ${seconds(started)} s.\n`);
process.stdout.write(`${passed} passed, ${failed} failed, ${report?.numPendingTests ?? 0} skipped\n`);
process.exit(failed === 0 ? 0 : 1);
