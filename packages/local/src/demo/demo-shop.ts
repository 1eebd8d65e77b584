import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Product, products } from '@tenantry/core/contract/demo-shop/products';
import { createIdSource } from '@tenantry/core/ids/id';
import * as z from 'zod';
import { type Instance, Person } from './journey.ts';
import { replay, withinRate } from './replay.ts';
import { randomOf, type SentEvent } from './shop-events.ts';
import { archived, train } from './shop-trial.ts';

/** The company behind the demo shop, whose page needs a publishable key of it. */
const company = { name: 'Demo Shop', slug: 'demo-shop', tier: 'standard' } as const;
const OWNER = 'shop@example.com';
const PASSWORD = 'Correct-horse-7-battery';
const VISITS = 600;
const SECONDS_BETWEEN_EVENTS = 5;
const ITEMS_A_REQUEST = 96;

const keptSchema = z.object({ key: z.string().startsWith('pk_') });

/** @returns the key of a demo shop that was filled before, by the file that says so */
export function keptShopKey(file: string): string | undefined {
  try {
    return keptSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).key;
  } catch {
    return undefined;
  }
}

/**
 * Signs the demo shop's company up, fills its catalogue and its past, and trains its model, as a customer would.
 * @returns a publishable key for the shop's page, which is kept in the file, too
 */
export async function openDemoShop(instance: Instance, file: string, say: (step: string) => void): Promise<string> {
  const person = new Person(instance, OWNER);
  await person.signIn(PASSWORD).catch(() => person.signUp(PASSWORD));
  const { memberships } = await person.api('getMe', { bearer: person.accessToken });
  if (memberships.length === 0) {
    say('demo shop: its company signs up');
    const { checkoutUrl } = await person.register(company);
    await person.pay(checkoutUrl);
    await person.onboarded();
  } else {
    await person.refresh();
  }
  say('demo shop: its catalogue and its past');
  const secret = await person.createKey('secret');
  await fillCatalogue(person, secret);
  const { accepted } = await replay(person.api, secret, shopEvents(Date.now()));
  await archived(person, accepted);
  say('demo shop: its model is trained');
  await train(person);
  const key = await person.createKey('publishable');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ key }));
  return key;
}

async function fillCatalogue({ api }: Person, bearer: string): Promise<void> {
  for (let start = 0; start < products.length; start += ITEMS_A_REQUEST) {
    const items = products.slice(start, start + ITEMS_A_REQUEST).map(({ id, aisle, line, title, cents }) => ({
      id,
      title: title.en,
      category: [aisle],
      price: { amount: cents, currency: 'EUR' },
      attributes: { line },
    }));
    await withinRate(() => api('putItems', { bearer, body: { items } }));
  }
}

/** What visitors of the demo shop did: they stay in an aisle, or look for what belongs to a line, of which some buy several pieces. */
export function shopEvents(now: number, visits = VISITS, seed = 11): readonly SentEvent[] {
  const random = randomOf(seed);
  const pick = (from: readonly Product[]): Product => {
    const product = from[Math.floor(random() ** 1.4 * from.length)];
    if (!product) throw new Error('There is nothing to pick from.');
    return product;
  };
  const newId = createIdSource();
  const done: Pick<SentEvent, 'shopperId' | 'itemId' | 'type' | 'sessionId'>[] = [];
  for (let visit = 1; visit <= visits; visit += 1) {
    let at = pick(products);
    const length = 2 + Math.floor(random() * 7);
    const shopper = { shopperId: `visitor-${visit}`, sessionId: `visit-${visit}` };
    const cart: Product[] = [];
    for (let step = 0; step < length; step += 1) {
      done.push({ ...shopper, itemId: at.id, type: 'view' });
      if (random() < 0.2) {
        cart.push(at);
        done.push({ ...shopper, itemId: at.id, type: 'cart' });
      }
      const { aisle, line, id } = at;
      const stays = random() < 0.55;
      at = pick(products.filter((other) => other.id !== id && (stays ? other.aisle === aisle : other.line === line)));
    }
    if (random() < 0.6) for (const { id } of cart) done.push({ ...shopper, itemId: id, type: 'purchase' });
  }
  const start = now - done.length * SECONDS_BETWEEN_EVENTS * 1000;
  return done.map((event, index) => ({ ...event, id: newId('event', start + index * SECONDS_BETWEEN_EVENTS * 1000) }));
}
