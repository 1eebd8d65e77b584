import { eraseEvents, moveEvents, movePlaceSchema, moveTallySchema } from '@tenantry/core/tier-change/events-move';
import { erasedPlace } from '@tenantry/core/tier-change/migration';
import { tierChangeActions } from '@tenantry/core/tier-change/state-machine';
import * as z from 'zod';
import { createScope } from '../scoped/scope.ts';
import { lifecycleTables } from './onboarding-task.ts';
import { tenantTask } from './tenant-task.ts';
import { loadMove, onTimeline, tierChangeInput } from './tier-change-task.ts';

const scopeOf = createScope('tasks/tier-change-data');

/** A slice ends well before the time limit of its state. */
const SLICE_MS = 25_000;

const inputSchema = z.object({
  ...tierChangeInput,
  action: z.enum(tierChangeActions['tier-change-data']),
  place: movePlaceSchema,
  /** Of the slices before. */
  tally: moveTallySchema,
});

/** Copies, compares or erases a slice of a tenant's events, with the tenant's own credentials. */
export const handler = tenantTask('tier change of data', inputSchema, async (input, requestId) => {
  const { tenantId, place, tally, action } = input;
  const scope = { tenantId, requestId };
  const tables = lifecycleTables(scopeOf, scope);
  const { Events, SiloEvents, Shoppers } = scopeOf(scope)['tenant-migration'];
  const tenant = await loadMove(tables, input);
  const until = Date.now() + SLICE_MS;
  const timeIsUp = () => Date.now() > until;
  if (action === 'erase') {
    if (erasedPlace(tenant) !== 'pool') throw new Error('The pool serves the company.');
    if (tenant.migration.phase !== 'cleaning' && tenant.migration.phase !== 'undoing') {
      throw new Error('Both places are still in use.');
    }
    const { next } = await eraseEvents(Events, Shoppers, tenantId, { from: place, timeIsUp });
    return { done: !next, place: next ?? place, tally };
  }
  if (tenant.migration.phase !== 'mirroring') throw new Error('New events do not go to both places.');
  const [from, to] = tenant.isolation === 'pool' ? [Events, SiloEvents] : [SiloEvents, Events];
  return onTimeline(tables, input, action, async () => {
    const slice = await moveEvents({ from, to, shoppers: Shoppers }, tenantId, action, {
      from: place,
      tally,
      timeIsUp,
    });
    return { done: !slice.next, place: slice.next ?? place, tally: slice.tally };
  });
});
