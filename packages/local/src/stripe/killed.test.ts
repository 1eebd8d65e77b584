import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { advance, clientOf, clockedCustomer, DAY, makePrice, ready } from './testing/instance.ts';
import { startProcess } from './testing/killed.ts';

const dir = mkdtempSync(join(tmpdir(), 'stripe-killed-'));

afterAll(() => rmSync(dir, { recursive: true }));

test('what was acknowledged survives a kill, and a clock that was advancing goes on', async () => {
  let process = await startProcess(dir);
  let stripe = clientOf(process.url);
  const { clock, customer, start } = await clockedCustomer(stripe);
  const price = await makePrice(stripe);
  const made: string[] = [];
  for (let n = 0; n < 20; n += 1)
    made.push((await stripe.subscriptions.create({ customer, items: [{ price: price.id }] })).id);
  await stripe.testHelpers.testClocks.advance(clock, { frozen_time: start + 55 * DAY });
  await process.kill();
  process = await startProcess(dir);
  stripe = clientOf(process.url);
  await ready(stripe, clock);
  await advance(stripe, clock, start + 56 * DAY);
  const { data } = await stripe.subscriptions.list({ customer, limit: 100 });
  expect(data.map(({ id }) => id).reverse()).toEqual(made);
  for (const { id } of data) {
    const { data: invoices } = await stripe.invoices.list({ subscription: id });
    expect(invoices.map(({ status, total }) => [status, total])).toEqual([
      ['paid', 2900],
      ['paid', 2900],
    ]);
  }
  const { data: charges } = await stripe.charges.list({ customer, limit: 100 });
  expect(charges).toHaveLength(40);
  await process.kill();
});
