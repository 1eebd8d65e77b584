/** The seller's overview: who subscribed, what happened, and how its webhooks fared. */

import { type Html, html } from '../../mail/html.ts';
import type { Work } from '../billing/work.ts';
import { formatMoney } from '../objects/money.ts';
import { readSettings } from '../store/settings.ts';
import { readFaults } from '../webhooks/record.ts';
import type { Answer } from '../wire/http.ts';
import { page } from './page.ts';
import { statusBadge } from './portal-page.ts';
import { words } from './words.ts';

const SHOWN = 50;

function time(seconds: number): Html {
  const iso = new Date(seconds * 1000).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')}</time>`;
}

function table(heading: string, columns: readonly string[], rows: readonly Html[]): Html {
  const head = columns.map((column) => html`<th scope="col">${column}</th>`);
  const body =
    rows.length > 0
      ? html`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`
      : html`<p class="empty">None yet.</p>`;
  return html`<section class="card"><h2>${heading}</h2>${body}</section>`;
}

interface Delivery {
  readonly endpoint: string;
  readonly state: string;
  readonly attempts: number;
  readonly last: string;
}

function deliveriesOf({ store }: Work, event: string): Delivery[] {
  const rows = store.sql
    .prepare(
      'SELECT endpoint, state, attempts, lastStatus, lastError FROM deliveries WHERE event = ? ORDER BY sequence',
    )
    .all(event);
  return rows.map((row) => ({
    endpoint: String(row.endpoint),
    state: String(row.state),
    attempts: Number(row.attempts),
    last: String(row.lastStatus ?? row.lastError ?? ''),
  }));
}

function deliveryBadge({ endpoint, state, attempts, last }: Delivery): Html {
  const kind = state === 'delivered' ? ' good' : attempts > 0 ? ' bad' : '';
  return html`<span class="badge${kind}" title="${endpoint}">${state}, ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}${last ? `: ${last}` : ''}</span> `;
}

function resendForm(id: string): Html {
  return html`<form method="post" action="/_local/events/${id}/resend"><input type="hidden" name="back" value="/"><button class="plain small">Resend<span class="visually-hidden"> ${id}</span></button></form>`;
}

const steps = [
  ['1', 'A day on'],
  ['7', 'A week on'],
  ['30', '30 days on'],
] as const;

/** Where time is made to pass for whoever lives on a clock. */
function timeCard({ store }: Work): Html {
  const { testClock } = readSettings(store);
  const clocks = store.page('test_helpers.test_clock', {}, { limit: SHOWN }).data.map(
    ({ id, name, status, frozen_time }) =>
      html`<tr><td><code>${id}</code><br><span class="quiet">${name ?? ''}${id === testClock ? ' (new customers)' : ''}</span></td><td>${time(frozen_time)}</td><td>${statusBadge(words.en, status)}</td>
<td>${
        status === 'ready'
          ? steps.map(
              ([days, label]) =>
                html`<form class="inline" method="post" action="/_local/clocks/${id}/advance"><input type="hidden" name="back" value="/"><input type="hidden" name="days" value="${days}"><button class="plain small">${label}<span class="visually-hidden"> ${id}</span></button></form> `,
            )
          : undefined
      }</td></tr>`,
  );
  const start = testClock
    ? undefined
    : html`<form method="post" action="/_local/clock"><input type="hidden" name="back" value="/"><button class="plain">Let new customers live on a test clock</button></form>`;
  return html`${start}${clocks.length > 0 ? table('Test clocks', ['Clock', 'Its time', 'Status', ''], clocks) : undefined}`;
}

export function dashboardPage(work: Work): Answer {
  const { store } = work;
  const shown = { limit: SHOWN };
  const open = store.page('checkout.session', { status: 'open' }, shown).data.map(
    ({
      id,
      url,
      amount_total,
      currency,
      customer_email,
      created,
    }) => html`<tr><td><a href="${url ?? ''}">${id.slice(0, 24)}…</a></td><td>${customer_email ?? ''}</td>
<td class="number">${formatMoney(amount_total ?? 0, currency ?? 'usd', 'en-US')}</td><td>${time(created)}</td></tr>`,
  );
  const customers = store
    .page('customer', { deleted: null }, shown)
    .data.map(
      ({ id, email, name, created }) =>
        html`<tr><td><code>${id}</code></td><td>${email ?? ''}</td><td>${name ?? ''}</td><td>${time(created)}</td></tr>`,
    );
  const subscriptions = store.page('subscription', {}, shown).data.map(
    ({
      id,
      status,
      items,
      customer,
      metadata,
    }) => html`<tr><td><code>${id}</code></td><td><code>${typeof customer === 'string' ? customer : customer.id}</code></td><td>${statusBadge(words.en, status)}</td>
<td>${time(items.data[0]?.current_period_end ?? 0)}</td><td>${Object.entries(metadata).map(([key, value]) => `${key}=${value} `)}</td>
<td>${status === 'canceled' ? undefined : html`<form method="post" action="/_local/subscriptions/${id}/renew"><input type="hidden" name="back" value="/"><button class="plain small">Renew now<span class="visually-hidden"> ${id}</span></button></form>`}</td></tr>`,
  );
  const events = store
    .page('event', {}, shown)
    .data.map(
      ({ id, type, created }) =>
        html`<tr><td>${type}<br><code class="quiet">${id}</code></td><td>${time(created)}</td><td>${deliveriesOf(work, id).map(deliveryBadge)}</td><td>${resendForm(id)}</td></tr>`,
    );
  const endpoints = store
    .all('webhook_endpoint', {})
    .map(
      ({ id, url, enabled_events }) =>
        html`<tr><td><code>${id}</code></td><td>${url}</td><td>${enabled_events.join(', ')}</td></tr>`,
    );
  const { duplicate, delayMs, shuffle, drop, loseAnswers } = readFaults(work);
  const faults =
    duplicate > 0 || delayMs > 0 || shuffle || drop > 0 || loseAnswers > 0
      ? html`<p class="alert" role="status">Webhooks are disturbed on purpose: ${duplicate} duplicates, ${delayMs} ms delay, ${shuffle ? 'random' : 'right'} order, ${drop} attempts lost, ${loseAnswers} answers lost.</p>`
      : undefined;
  const main = html`<div class="topline"><h1>Local Stripe</h1><span class="badge">${words.en.testMode}</span></div>${faults}${timeCard(work)}
${table('Open checkouts', ['Session', 'E-mail', 'Amount', 'Created'], open)}
${table('Subscriptions', ['Subscription', 'Customer', 'Status', 'Period ends', 'Metadata', ''], subscriptions)}
${table('Customers', ['Customer', 'E-mail', 'Name', 'Created'], customers)}
${table('Events', ['Event', 'Time', 'Deliveries', ''], events)}
${table('Webhook endpoints', ['Endpoint', 'Address', 'Events'], endpoints)}`;
  return page({ title: 'Local Stripe', language: 'en', main, width: 'broad' });
}
