import type { Reporter, TestCase } from 'vitest/node';

/** Names the tests that passed when they were tried again, so that nobody takes them for sound. */
export default class FlakyReporter implements Reporter {
  readonly #flaky: string[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky) this.#flaky.push(`${test.module.relativeModuleId} > ${test.fullName}`);
  }

  onTestRunEnd(): void {
    for (const name of this.#flaky) process.stdout.write(`Passed when tried again only: ${name}\n`);
  }
}
