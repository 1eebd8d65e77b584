import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reconcile, told } from '../../support/reconciliation.ts';
import { startTestCloud, type TestCloud, unique } from '../../support/test-cloud.ts';

let test: TestCloud;
beforeAll(async () => {
  test = await startTestCloud();
}, 120_000);
afterAll(() => test?.close());

describe('healthy', () => {
  it('has no findings', async () => {
    await test.founder('standard');
    await test.founder('premium');
    const p = await test.signUp();
    await p.register({ name: 'Pending', slug: unique('pending'), tier: 'standard' });
    const report = await reconcile(test.cloud);
    console.log(JSON.stringify(report));
    expect(report.findings.map(told)).toEqual([]);
  }, 120_000);
});
