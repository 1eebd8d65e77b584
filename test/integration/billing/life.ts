import { changePrice } from '@tenantry/core/billing/change-price';

import { dueTenants } from '@tenantry/core/billing/due';
import { customersOf } from '@tenantry/core/billing/events';
import { pricesOf } from '@tenantry/core/billing/plan';
import { reviewBilling } from '@tenantry/core/billing/review';
import type { BillingMessage } from '@tenantry/core/billing/webhook';
import { deactivateTenant } from '@tenantry/core/deletion/deactivation';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { sendMails } from '@tenantry/core/mail/outbox';
import { reactivateTenant, suspendTenant } from '@tenantry/core/suspension/suspension';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { tierCatalogue, tierNames } from '@tenantry/core/tier/catalogue';
import { beginTierChange } from '@tenantry/core/tier-change/tier-change';
import Stripe from 'stripe';
import { advance, type Company, DAY_SECONDS, giveCard, payAll, registerCompany, START } from './company.ts';
import { Machines } from './machines.ts';
import { type Blow, type Gate, Turns } from './turns.ts';
import type { World } from './world.ts';

type Surroundings = Pick<World, 'stripe' | 'tables'>;

/** One company's life: its customer's acts at Stripe, its owner's and operators' acts here, and the events between. */
export class Life {
  readonly #world: World;
  readonly #random: () => number;
  readonly #machines = new Machines();
  readonly story: string[] = [];
  /** How often each mail left, by its occasion. */
  readonly mails = new Map<string, number>();
  #queue: BillingMessage[] = [];
  #now = START;
  #ends: Company | undefined;

  constructor(world: World, random: () => number) {
    this.#world = world;
    this.#random = random;
  }

  get ends(): Company {
    if (!this.#ends) throw new Error('The life has not begun.');
    return this.#ends;
  }

  get now(): Date {
    return new Date(this.#now * 1000);
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.#random() * items.length)];
    if (item === undefined) throw new Error('There is nothing to pick from.');
    return item;
  }

  /** Registers the company, which subscribes. */
  async begin(): Promise<void> {
    this.#ends = await registerCompany(this.#world, this.#pick(tierNames));
    await this.#card('pm_card_visa');
    await this.#subscribe(this.#world);
    await this.#world.afterRetries(this.#pick(['canceled', 'unpaid', 'past_due']));
    if (this.#random() < 0.5) await this.#card('pm_card_chargeCustomerFail');
  }

  #card(token: string): Promise<void> {
    return giveCard(this.#world, this.ends, token);
  }

  async #subscribe({ stripe }: Pick<Surroundings, 'stripe'>): Promise<void> {
    const { tenantId, customerId } = this.ends;
    const { tier } = await loadTenant(this.#world.tables.control, tenantId);
    const interval = this.#random() < 0.15 ? 'year' : 'month';
    const [base, ...usage] = await pricesOf(this.#world.stripe, { tier, interval });
    const { trialDays } = tierCatalogue[tier];
    const trial = trialDays > 0 && this.#random() < 0.4;
    this.story.push(`subscribes to ${tier} by the ${interval}${trial ? ' with a trial' : ''}`);
    await stripe.subscriptions.create({
      customer: customerId,
      items: [{ price: base.id }, ...usage.map(({ id }) => ({ price: id }))],
      metadata: { tenantId },
      ...(trial
        ? {
            trial_period_days: trialDays,
            trial_settings: {
              end_behavior: { missing_payment_method: this.#pick(['pause', 'cancel', 'create_invoice'] as const) },
            },
          }
        : {}),
    });
  }

  async #live(): Promise<readonly Stripe.Subscription[]> {
    const { stripe } = this.#world;
    const { data } = await stripe.subscriptions
      .list({ customer: this.ends.customerId, limit: 20 })
      .catch(() => ({ data: [] }));
    return data;
  }

  /** Something that the customer does, at Stripe. */
  readonly #acts: readonly [string, number, (at: Surroundings) => Promise<unknown>][] = [
    ['pays twice', 0.5, (at) => this.#subscribe(at)],
    ['the card will fail', 3, () => this.#card('pm_card_chargeCustomerFail')],
    ['gives a good card', 1, () => this.#card('pm_card_visa')],
    ['pays what is open', 2, (at) => payAll(at, this.ends)],
    [
      'cancels at the end',
      0.7,
      ({ stripe }) => this.#onOne((id) => stripe.subscriptions.update(id, { cancel_at_period_end: true })),
    ],
    [
      'stays after all',
      2,
      ({ stripe }) => this.#onOne((id) => stripe.subscriptions.update(id, { cancel_at_period_end: false })),
    ],
    ['cancels at once', 0.2, ({ stripe }) => this.#onOne((id) => stripe.subscriptions.cancel(id))],
    [
      'resumes',
      2,
      ({ stripe }) =>
        this.#onOne((id, { status }) => (status === 'paused' ? stripe.subscriptions.resume(id) : Promise.resolve())),
    ],
    ['comes back', 2, async (at) => ((await this.#live()).length === 0 ? this.#subscribe(at) : undefined)],
    [
      'switches its tier at Stripe',
      2,
      ({ stripe }) =>
        this.#onOne((subscriptionId) =>
          changePrice(stripe, { subscriptionId }, { tier: this.#pick(tierNames) }, newId('change')),
        ),
    ],
    [
      'switches the interval',
      1,
      ({ stripe }) =>
        this.#onOne(async (subscriptionId) => {
          const { tier } = await loadTenant(this.#world.tables.control, this.ends.tenantId);
          await changePrice(
            stripe,
            { subscriptionId },
            { tier, interval: this.#pick(['month', 'year']) },
            newId('change'),
          );
        }),
    ],
    ['disputes a payment', 1, () => this.#card('pm_card_createDispute')],
    ['is deleted at Stripe', 0.05, ({ stripe }) => stripe.customers.del(this.ends.customerId)],
    ['its owner changes the tier', 3, ({ tables }) => this.#changeTier(tables)],
    [
      'an operator suspends it',
      1,
      ({ tables }) =>
        suspendTenant(tables, this.ends.tenantId, {
          actor: { kind: 'system', name: 'operator' },
          at: this.now,
          reason: 'misuse',
        }),
    ],
    [
      'an operator reactivates it',
      1,
      async ({ tables }) => {
        const { suspension } = await reactivateTenant(tables, this.ends.tenantId, {
          actor: { kind: 'system', name: 'operator' },
          at: this.now,
        });
        await this.#machines.ports.suspension({ tenantId: this.ends.tenantId, changeId: suspension.changeId });
      },
    ],
    [
      'its owner leaves',
      0.3,
      async ({ tables }) => {
        const tenant = await loadTenant(tables.control, this.ends.tenantId);
        const { deactivation, tenantId } = await deactivateTenant(tables, tenant, {
          actor: { kind: 'system', name: 'owner' },
          at: this.now,
        });
        await this.#machines.ports.deletion({ tenantId, changeId: deactivation.changeId });
      },
    ],
  ];

  async #onOne(work: (id: string, subscription: Stripe.Subscription) => Promise<unknown>): Promise<void> {
    const live = await this.#live();
    if (live.length === 0) return;
    const subscription = this.#pick(live);
    await work(subscription.id, subscription);
  }

  async #changeTier(tables: World['tables']): Promise<void> {
    const tenant = await loadTenant(tables.control, this.ends.tenantId);
    const { tenantId, migration } = await beginTierChange(tables, tenant, this.#pick(tierNames), {
      actor: { kind: 'system', name: 'owner' },
      at: this.now,
    });
    await this.#machines.ports.tierChange({ tenantId, changeId: migration.changeId });
  }

  async #act(surroundings: Surroundings): Promise<void> {
    const total = this.#acts.reduce((sum, [, weight]) => sum + weight, 0);
    let at = this.#random() * total;
    const act = this.#acts.find(([, weight]) => {
      at -= weight;
      return at < 0;
    });
    if (!act) return;
    const [name, , work] = act;
    this.story.push(name);
    try {
      await work(surroundings);
    } catch (error) {
      // What somebody tries and is refused happens too; it must not be a defect of ours.
      const refused = error instanceof DomainError || error instanceof Stripe.errors.StripeError;
      if (!refused || error instanceof Stripe.errors.StripeConnectionError) throw error;
      this.story.push(`  refused: ${error.message}`);
    }
  }

  /** Lets time pass, at Stripe and here. */
  async #pass(days: number): Promise<void> {
    this.#now += days * DAY_SECONDS;
    this.story.push(`${days} days pass`);
    await advance(this.#world, this.ends, this.#now);
  }

  #arrive(): void {
    this.#queue.push(...this.#world.newEvents());
  }

  #handle(message: BillingMessage): (gate: Gate) => Promise<void> {
    return async (gate) => {
      const { stripe, tables } = this.#world.clientsFor(gate);
      try {
        for (const { tenantId, customerId } of (await customersOf(stripe, message)) ?? []) {
          await this.#review({ stripe, tables }, tenantId, customerId, gate);
        }
      } catch (error) {
        this.story.push(`  ${message.type}: ${error instanceof Error ? `${error.name} ${error.message}` : error}`);
        this.#queue.push(message);
        if (error instanceof TypeError || error instanceof ReferenceError) throw error;
      }
    };
  }

  async #review(
    { stripe, tables }: Surroundings,
    tenantId: TenantId,
    customerId: string | undefined,
    gate: Gate,
  ): Promise<void> {
    const { ports } = this.#machines;
    const machines = {
      onboarding: (input: Parameters<typeof ports.onboarding>[0]) => gate(() => ports.onboarding(input)),
      suspension: (input: Parameters<typeof ports.suspension>[0]) => gate(() => ports.suspension(input)),
      deletion: (input: Parameters<typeof ports.deletion>[0]) => gate(() => ports.deletion(input)),
      tierChange: (input: Parameters<typeof ports.tierChange>[0]) => gate(() => ports.tierChange(input)),
    };
    const review = await reviewBilling(
      { stripe, tables, machines, alert: () => {}, pause: async () => {}, now: () => this.now },
      tenantId,
      customerId,
    );
    if (review.kind === 'reviewed') {
      await sendMails(tables.control, tenantId, {
        sort: 'notices',
        recipients: async () => [{ sub: 'owner', email: 'owner@example.com', preferences: {} }],
        send: ({ key }) =>
          gate(async () => {
            const occasion = key.slice(0, key.lastIndexOf('#'));
            this.mails.set(occasion, (this.mails.get(occasion) ?? 0) + 1);
          }),
      });
    }
  }

  #blow(): Blow | undefined {
    if (this.#random() > 0.25) return undefined;
    return { call: 1 + Math.floor(this.#random() * 12), when: this.#pick(['before', 'after']) };
  }

  /** The job that looks at whoever is due. */
  async #reviewDue(surroundings: Surroundings, gate: Gate, soonMs = 0): Promise<number> {
    const { control } = this.#world.tables;
    const due = await dueTenants(control, 'review', new Date(this.now.getTime() + soonMs));
    const own = due.filter((tenantId) => tenantId === this.ends.tenantId);
    for (const tenantId of own) await this.#review(surroundings, tenantId, undefined, gate);
    return own.length;
  }

  /** Some of what happens at once: handlers of events, the job, machines, the customer. Any of the handlers may die. */
  async #confusion(): Promise<void> {
    this.#arrive();
    const turns = new Turns(this.#random);
    const handlers = Math.floor(this.#random() * 4);
    for (let i = 0; i < handlers && this.#queue.length > 0; i += 1) {
      const at = Math.floor(this.#random() * this.#queue.length);
      const message = this.#queue[at];
      // Stripe delivers at least once.
      if (this.#random() < 0.8) this.#queue.splice(at, 1);
      if (message) turns.spawn(this.#handle(message), this.#blow());
    }
    if (this.#random() < 0.5) turns.spawn((gate) => this.#act(this.#world.clientsFor(gate)));
    if (this.#random() < 0.5) {
      turns.spawn(async (gate) => this.#stepMachines(this.#world.clientsFor(gate)));
    }
    if (this.#random() < 0.3) {
      turns.spawn(async (gate) => {
        await this.#reviewDue(this.#world.clientsFor(gate), gate).catch(() => {});
      }, this.#blow());
    }
    await turns.run();
  }

  async #stepMachines(surroundings: Surroundings): Promise<void> {
    try {
      await this.#machines.step(surroundings, this.now);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.story.push(`  a machine met ${error.code}`);
    }
  }

  /** Lives for a while. */
  async live(steps: number): Promise<void> {
    for (let i = 0; i < steps; i += 1) {
      await this.#confusion();
      if (this.#random() < 0.5) await this.#pass(this.#pick([1, 3, 8, 15, 28]));
    }
  }

  /** Nothing new happens any more: everything that is under way ends. */
  async rest(): Promise<void> {
    const free: Gate = (call) => call();
    for (let round = 0; round < 60; round += 1) {
      this.#arrive();
      const messages = this.#queue;
      this.#queue = [];
      for (const message of messages) await this.#handle(message)(free);
      await this.#stepMachines(this.#world);
      const due = await this.#reviewDue(this.#world, free, 600_000);
      this.#arrive();
      if (this.#queue.length === 0 && due === 0 && this.#machines.idle) return;
    }
    throw new Error('It never came to rest.');
  }
}
