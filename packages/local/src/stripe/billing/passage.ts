/** Time passes: by itself for most, and by test clocks when they are advanced. */

import Stripe from 'stripe';
import type { Due } from '../store/database.ts';
import { expireSession } from './checkout.ts';
import { collectInvoice } from './collect.ts';
import { finalizeInvoice } from './invoicing.ts';
import { passSubscription } from './renewal.ts';
import { beginWork, type Work, type WorkOptions } from './work.ts';

const nobody = { id: null, idempotencyKey: null, apiVersion: Stripe.API_VERSION };
const TIMER_MAX_MS = 60_000;

export interface Passage {
  /** Does what is due by the time of day, and makes an appointment for the next. */
  catchUp(): void;
  /** Goes on with the clocks that are to be advanced. */
  wake(): void;
  close(): void;
}

/** @param work at the moment that the appointment is for */
function keep(work: Work, { kind, id }: Due): void {
  const { store } = work;
  if (kind === 'checkout.session') expireSession(work, store.require(kind, id));
  else if (kind === 'subscription') passSubscription(work, store.require(kind, id));
  else if (kind === 'invoice') {
    const invoice = store.require(kind, id);
    if (invoice.status === 'open') collectInvoice(work, invoice, { occasion: 'retry' });
    else {
      const open = finalizeInvoice(work, invoice);
      if (open.status === 'open') collectInvoice(work, open, { occasion: 'later' });
    }
  } else throw new Error(`Time does nothing to a ${kind}.`);
}

/** Each thing that is due is one transaction, at its own moment, so that a restart goes on where it stopped. */
export function startPassage(options: WorkOptions, onChange: () => void): Passage {
  const { store } = options;
  let timer: NodeJS.Timeout | undefined;
  let next: NodeJS.Immediate | undefined;

  const stateOf = ({ kind, id }: Due): string => JSON.stringify([store.find(kind, id), store.hidden(kind, id)]);

  function keepNext(clock: string, until: number): boolean {
    const due = store.due(clock, until);
    if (!due) return false;
    store.transaction(() => {
      const before = stateOf(due);
      keep(beginWork(options, nobody).at(due.at, clock || null), due);
      if (stateOf(due) === before) throw new Error(`Nothing happened to ${due.kind} ${due.id} when it was due.`);
    });
    return true;
  }

  const advancing = (): Stripe.TestHelpers.TestClock | undefined =>
    store.all('test_helpers.test_clock', { status: 'advancing' })[0];

  function finish(clock: Stripe.TestHelpers.TestClock, fields: Partial<Stripe.TestHelpers.TestClock>): void {
    store.transaction(() => {
      const after: Stripe.TestHelpers.TestClock = { ...clock, status_details: {}, ...fields };
      store.update('test_helpers.test_clock', after);
      const type = after.status === 'ready' ? 'ready' : 'internal_failure';
      beginWork(options, nobody).emit(`test_helpers.test_clock.${type}`, after);
    });
    onChange();
  }

  function step(): void {
    next = undefined;
    const clock = advancing();
    if (!clock) return;
    const target = clock.status_details.advancing?.target_frozen_time ?? clock.frozen_time;
    try {
      if (!keepNext(clock.id, target)) finish(clock, { frozen_time: target, status: 'ready' });
    } catch (error) {
      console.error(`local Stripe failed to advance ${clock.id}:`, error);
      finish(clock, { status: 'internal_failure' });
    }
    wake();
  }

  /** What fails is reported and forgotten, so that it does not stand in the way of everything after it. */
  function keepByDay(until: number): boolean {
    try {
      return keepNext('', until);
    } catch (error) {
      const due = store.due('', until);
      console.error(`local Stripe failed at what was due for ${due?.kind} ${due?.id}:`, error);
      if (due) store.sql.prepare('DELETE FROM agenda WHERE id = ?').run(due.id);
      return true;
    }
  }

  function wake(): void {
    if (next === undefined && advancing()) next = setImmediate(step);
  }

  return {
    wake,
    catchUp() {
      clearTimeout(timer);
      const now = Math.floor(options.now() / 1000);
      let any = false;
      while (keepByDay(now)) any = true;
      const at = store.due('', Number.MAX_SAFE_INTEGER)?.at;
      if (at !== undefined)
        timer = setTimeout(
          () => this.catchUp(),
          Math.min(TIMER_MAX_MS, Math.max(1, at * 1000 - options.now())),
        ).unref();
      if (any) onChange();
    },
    close() {
      clearTimeout(timer);
      clearImmediate(next);
    },
  };
}
