import type { Route } from '@tenantry/core/contract/route';
import Stripe from 'stripe';
import { type ActorName, actors } from './actors.ts';
import { expected, type Outcome, refusedAtTheDoor } from './expected.ts';
import { type RawAnswer, send } from './http.ts';
import { type Draft, namings } from './namings.ts';
import type { RouteCase } from './requests.ts';
import type { World } from './world.ts';

/** One request of the suite: a route, who asks, and how another tenant is named in it. */
export interface Case {
  readonly route: Route;
  readonly routeCase: RouteCase;
  readonly actor: ActorName;
  readonly naming: string;
  readonly draft: Draft;
  /** What the contract says of the actor, whatever is named. */
  readonly outcome: Outcome;
}

/** Every case of a route, for the world's two tenants. */
export function casesOf(route: Route, routeCase: RouteCase, { A, B }: Pick<World, 'A' | 'B'>): readonly Case[] {
  return (Object.keys(actors) as ActorName[]).flatMap((actor) =>
    Object.entries(namings).flatMap(([naming, { apply }]) => {
      const draft = apply({ headers: {}, ...routeCase.request(A) }, B, route, routeCase);
      if (!draft) return [];
      return [{ route, routeCase, actor, naming, draft, outcome: expected(route, actors[actor]) }];
    }),
  );
}

/** What the system must answer: `served`, or a refusal. */
export function outcomeOf({ route, actor, naming, outcome }: Case): Outcome {
  const door = refusedAtTheDoor(outcome, actors[actor], route);
  if (!door && namings[naming]?.becomes === 'invalid') return { status: 400, code: 'invalid_request' };
  return outcome;
}

export const titleOf = ({ route, actor, naming }: Case): string => `${route.id}, by ${actor}, with ${naming}`;

export function ask(world: World, { route, actor, draft }: Case): Promise<RawAnswer> {
  const { params = {}, query = {}, body, text } = draft;
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams(query).toString();
  const payload = text ?? (body ? JSON.stringify(body) : undefined);
  const signature =
    actors[actor].is === 'stripe'
      ? Stripe.webhooks.generateTestHeaderString({ payload: payload ?? '', secret: world.stripeSecret })
      : undefined;
  return send(world.test.instance.siteUrl, {
    method: route.method,
    target: search ? `${path}?${search}` : path,
    headers: {
      ...world.credentials[actor],
      ...(signature ? { 'stripe-signature': signature } : {}),
      ...(payload ? { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) } : {}),
      ...draft.headers,
    },
    ...(payload ? { body: payload } : {}),
  });
}

/** Does the work on all items, a few at a time. */
export async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>, atOnce = 8): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
