import { describe, expect, it } from 'vitest';
import { financeCsv } from './csv.ts';
import { costByService } from './services.ts';

type Row = Parameters<typeof financeCsv>[0][number];

const row = (over: Partial<Row>): Row => ({
  tenantId: 'ten_01jcz3v9k2m4n6p8r0s2t4v6w8',
  name: 'Green Shop',
  month: '2026-11',
  tier: 'standard',
  isolation: 'pool',
  readAt: '2026-11-30T00:00:00.000Z',
  gone: false,
  use: {
    events_collected: 5,
    recommendations_served: 3,
    silo_hours: 0,
    training_minutes: 0,
    storage_gb_hours: 0.5,
  },
  cost: { lambdaRequests: 1_500_000 },
  weights: { calls: 1, cpuHours: 0 },
  shares: { base: 250_000 },
  revenue: { currency: 'usd', received: 4900, earned: 4900, mrr: 4900, paidBefore: false, trial: null },
  marginMicro: 47_250_000,
  pricesAsOf: '2026-11-01',
  ratesAsOf: '2026-11-01',
  ...over,
});

describe('the finances of a month as a file', () => {
  it('have a line for each company and a column for every item that any of them has', () => {
    const [header = '', first = '', second = ''] = financeCsv([
      row({}),
      row({ name: null, cost: { s3Reads: 10 } }),
    ]).split('\r\n');
    expect(header).toContain('"lambdaRequests_usd","s3Reads_usd"');
    expect(first).toMatch(/"Green Shop","standard","usd",4900,4900,4900,1\.5,0\.25,47\.25,5,3,0,0,0\.5,1\.5,0$/);
    expect(second).toMatch(/,0,0\.00001$/);
  });

  it('let no name of a company run as a formula or break out of its field', () => {
    for (const name of ['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', 'A","B\r\nC']) {
      const text = financeCsv([row({ name })]);
      expect(text).not.toMatch(/"[=+@-]/);
      expect(text.match(/"/g)?.length).toBe((text.match(/"/g)?.length ?? 0) & ~1);
    }
  });
});

describe('cost by service', () => {
  it('adds up the items of each service, the dearest first', () => {
    expect(
      costByService([
        { lambdaRequests: 1, lambdaGbSeconds: 2, s3Reads: 9 },
        { s3Writes: 1, newThing: 4 },
      ]),
    ).toEqual([
      { service: 's3', micro: 10 },
      { service: 'other', micro: 4 },
      { service: 'lambda', micro: 3 },
    ]);
  });
});
