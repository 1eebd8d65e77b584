import { findBilling, makeReviewDue } from '@tenantry/core/billing/billing-row';
import { dueTenants } from '@tenantry/core/billing/due';
import { pricesOf } from '@tenantry/core/billing/plan';
import { reviewBilling } from '@tenantry/core/billing/review';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { advance, type Company, DAY_SECONDS, giveCard, payAll, registerCompany, START } from './company.ts';
import { Machines } from './machines.ts';
import { Crash, type Gate } from './turns.ts';
import { startWorld, type World } from './world.ts';

/** More calls than one undisturbed review makes. */
const CALLS = 11;
const now = () => new Date(START * 1000);

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await world.afterRetries('past_due');
}, 60_000);
afterAll(() => world?.close());

const free: Gate = (call) => call();

function reviewOf(company: Company, machines: Machines, gate: Gate) {
  const clients = world.clientsFor(gate);
  const { suspension } = machines.ports;
  const started = {
    ...machines.ports,
    suspension: (input: Parameters<typeof suspension>[0]) => gate(() => suspension(input)),
  };
  const ports = { ...clients, machines: started, alert: () => {}, pause: async () => {}, now };
  return reviewBilling(ports, company.tenantId);
}

/** An active company whose card will fail. */
async function activeCompany(machines: Machines): Promise<Company> {
  const company = await registerCompany(world, 'standard');
  await giveCard(world, company, 'pm_card_visa');
  const [base] = await pricesOf(world.stripe, { tier: 'standard', interval: 'month' });
  const { customerId: customer, tenantId } = company;
  await world.stripe.subscriptions.create({ customer, items: [{ price: base.id }], metadata: { tenantId } });
  await reviewOf(company, machines, free);
  await settle(company, machines);
  await giveCard(world, company, 'pm_card_chargeCustomerFail');
  return company;
}

async function settle({ tenantId }: Company, machines: Machines) {
  for (let i = 0; i < 4; i += 1) await machines.step(world, now());
  const { status } = await loadTenant(world.tables.control, tenantId);
  const row = await findBilling(world.tables.control, tenantId);
  return `${row?.state?.standing} ${status}`;
}

/** Fails the renewal and lets the grace pass. */
async function falls(company: Company): Promise<void> {
  await advance(world, company, START + 32 * DAY_SECONDS);
  await advance(world, company, START + 46 * DAY_SECONDS);
}

/** Begins a review that stops before one of its calls, lets something else happen meanwhile, and then goes on. */
async function overtaken(company: Company, machines: Machines, call: number, meanwhile: () => Promise<unknown>) {
  let calls = 0;
  let goOn = (): void => {};
  let stopped = (): void => {};
  const stop = new Promise<void>((resolve) => {
    stopped = resolve;
  });
  const gate: Gate = async (work) => {
    calls += 1;
    if (calls === call) {
      const released = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      stopped();
      await released;
    }
    return work();
  };
  const slow = reviewOf(company, machines, gate);
  await Promise.race([stop, slow]);
  await meanwhile();
  goOn();
  await slow;
  return settle(company, machines);
}

describe.each(Array.from({ length: CALLS }, (_, index) => index + 1))(
  'a review that is overtaken before its call %i',
  (call) => {
    it('does not suspend who has paid meanwhile', async () => {
      const machines = new Machines();
      const company = await activeCompany(machines);
      await falls(company);
      const end = await overtaken(company, machines, call, async () => {
        await payAll(world, company);
        await reviewOf(company, machines, free);
      });
      expect(end).toBe('paid active');
    });

    it('does not bring back who has ceased to pay meanwhile', async () => {
      const machines = new Machines();
      const company = await activeCompany(machines);
      const end = await overtaken(company, machines, call, async () => {
        await falls(company);
        await reviewOf(company, machines, free);
      });
      expect(end).toBe('overdue suspended');
    });
  },
);

describe.each(Array.from({ length: CALLS }, (_, index) => index + 1))(
  'a review by the job that dies before its call %i',
  (call) => {
    it('is seen to again by the job, whatever it had done', async () => {
      const { control } = world.tables;
      const machines = new Machines();
      const company = await activeCompany(machines);
      await falls(company);
      const today = new Date((START + 46 * DAY_SECONDS) * 1000);
      await makeReviewDue(control, company.tenantId, today);
      let calls = 0;
      const dying: Gate = (work) => {
        calls += 1;
        if (calls >= call) throw new Crash('The job died.');
        return work();
      };
      const soon = new Date(today.getTime() + 600_000);
      let gate = dying;
      for (let run = 0; run < 4; run += 1) {
        const due = await dueTenants(control, 'review', soon);
        if (due.includes(company.tenantId)) await reviewOf(company, machines, gate).catch(() => {});
        gate = free;
      }
      expect(await settle(company, machines)).toBe('overdue suspended');
      // What is done is not looked at again before something is due.
      expect(await dueTenants(control, 'review', soon)).not.toContain(company.tenantId);
    });
  },
);
