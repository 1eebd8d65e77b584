import type { Exchange } from '@tenantry/local/stripe/recording';
import { type Description, findOperation, violations } from './description.ts';

export interface Findings {
  /** Different requests that the description was asked about. */
  readonly requests: number;
  /** Answers that were held against the description, and events within them. */
  readonly answers: number;
  readonly events: number;
  /** What differed, each said once, with how often. */
  readonly problems: ReadonlyMap<string, number>;
}

/** Names of parameters without their places in lists: what makes requests different. */
const namesOf = (parameters: string): string =>
  [...new Set(Array.from(new URLSearchParams(parameters).keys(), (name) => name.replace(/\[\d*\]/g, '[]')))]
    .sort()
    .join(' ');

/** A request that Stripe does not take, to see that `stripe-mock` says so. */
const wrong = { method: 'POST', path: '/v1/customers', parameters: 'nmae=x', status: 200, answer: '{}' };

/** Asks `stripe-mock` whether Stripe would take the request. @returns why not */
async function refusalOf(url: string, { method, path, parameters }: Exchange): Promise<string | undefined> {
  const query = method === 'GET' && parameters ? `?${parameters}` : '';
  const response = await fetch(`${url}${path}${query}`, {
    method,
    headers: { authorization: 'Bearer sk_test_123', 'content-type': 'application/x-www-form-urlencoded' },
    ...(method === 'POST' ? { body: parameters } : {}),
  });
  const body: { error?: { message?: string } } = JSON.parse(await response.text());
  return response.ok ? undefined : (body.error?.message ?? `status ${response.status}`);
}

interface Answer {
  readonly object?: string;
  readonly data?: unknown;
}

/** The objects that events tell of, which are described by their own name. */
function toldObjects(answer: Answer): { readonly object: string }[] {
  const events: unknown[] = answer.object === 'event' ? [answer] : Array.isArray(answer.data) ? answer.data : [];
  return events.flatMap((event) => {
    const { object, data } = Object(event);
    return object === 'event' && typeof data?.object?.object === 'string' ? [data.object] : [];
  });
}

/** Holds requests that were answered well, and their answers, against Stripe's description. */
export async function replay(exchanges: Iterable<Exchange>, description: Description, url: string): Promise<Findings> {
  const asked = new Set<string>();
  const problems = new Map<string, number>();
  const note = (problem: string) => problems.set(problem, (problems.get(problem) ?? 0) + 1);
  if (!(await refusalOf(url, wrong))) note('stripe-mock takes parameters that Stripe does not have');
  let [answers, events] = [0, 0];
  for (const exchange of exchanges) {
    if (exchange.status !== 200) continue;
    const { method, path, parameters } = exchange;
    const operation = findOperation(description, method, path);
    if (!operation) {
      note(`${method} ${path}: is not described`);
      continue;
    }
    const title = `${method} ${operation.path}`;
    const key = `${title} ${namesOf(parameters)}`;
    if (!asked.has(key)) {
      asked.add(key);
      const refusal = await refusalOf(url, exchange);
      if (refusal) note(`${title}: refused: ${refusal}`);
    }
    const answer: Answer = JSON.parse(exchange.answer);
    answers += 1;
    for (const violation of violations(description, operation.schema, answer)) note(violation);
    for (const told of toldObjects(answer)) {
      events += 1;
      const $ref = `#/components/schemas/${told.object}`;
      for (const violation of violations(description, { $ref }, told)) note(violation);
    }
  }
  return { requests: asked.size, answers, events, problems };
}
