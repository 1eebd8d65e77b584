import { reasonOf } from '@tenantry/core/state-machine/failure';
import { recordProblem } from '@tenantry/core/tenant/change';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { moveTallySchema } from '@tenantry/core/tier-change/events-move';
import { canUndo, erasedPlace, wayOf } from '@tenantry/core/tier-change/migration';
import { tierChangeActions } from '@tenantry/core/tier-change/state-machine';
import { endTierChange, enterPhase, settledAt } from '@tenantry/core/tier-change/tier-change';
import * as z from 'zod';
import { readEnvironment } from '../environment.ts';
import { createScope } from '../scoped/scope.ts';
import { lifecycleTables } from './onboarding-task.ts';
import { failureInput, tenantTask } from './tenant-task.ts';
import { currentMove, onTimeline, tierChangeInput } from './tier-change-task.ts';

const { GRACE_SECONDS } = readEnvironment({
  /** How long the old place is kept after the switch. */
  GRACE_SECONDS: z.coerce.number().nonnegative(),
});
const scopeOf = createScope('tasks/tier-change');

const inputSchema = z.object({
  ...tierChangeInput,
  action: z.enum(tierChangeActions['tier-change']),
  tally: moveTallySchema.optional(),
  failure: failureInput.optional(),
});

const later = (one: Date, other: Date): Date => (one > other ? one : other);
/** For the audit log: what was found to be the same in both places. */
const tallied = (tally: z.infer<typeof moveTallySchema> | undefined) =>
  tally ? { shoppers: tally.shoppers, events: tally.events, checksum: tally.checksum } : {};

/** The tasks of the tier change's state machine about the tenant itself. */
export const handler = tenantTask('tier change step', inputSchema, async (input, requestId) => {
  const tables = lifecycleTables(scopeOf, { tenantId: input.tenantId, requestId });
  const tenant = currentMove(await loadTenant(tables.control, input.tenantId), input.changeId);
  if (input.action === 'fail') {
    await recordProblem(tables.control, 'migration', input, reasonOf(input.failure ?? {}));
    return {};
  }
  if (!tenant) {
    const now = new Date().toISOString();
    return { current: false, number: 1, phase: '', way: '', settled: now, graceUntil: now, erase: 'none' };
  }
  const { migration } = tenant;
  const way = wayOf(migration);
  const at = new Date();
  switch (input.action) {
    case 'begin':
      return { current: true, number: migration.number, phase: migration.phase, way };
    case 'mirror':
      return onTimeline(tables, input, 'mirror', async () => {
        const moving = await enterPhase(tables, tenant, 'mirroring', at);
        return { done: true, current: true, settled: settledAt(moving.migration).toISOString() };
      });
    case 'switch':
      return onTimeline(tables, input, 'switch', async () => {
        const moved = await enterPhase(tables, tenant, 'switched', at, way === 'resize' ? {} : tallied(input.tally));
        const kept = new Date(Date.parse(moved.migration.phaseSince) + GRACE_SECONDS * 1000);
        return { done: true, current: true, graceUntil: later(kept, settledAt(moved.migration)).toISOString() };
      });
    case 'stopMirror':
      return onTimeline(tables, input, 'clean', async () => {
        const moving = await enterPhase(tables, tenant, 'cleaning', at);
        const settled = settledAt(moving.migration).toISOString();
        return { done: false, current: true, settled, erase: erasedPlace(moving) };
      });
    case 'undo': {
      if (!canUndo(migration.phase)) throw new Error('The new place serves already.');
      const problem = input.failure ? reasonOf(input.failure) : undefined;
      const moving = await enterPhase(tables, tenant, 'undoing', at, problem ? { reason: problem } : {});
      return { current: true, settled: settledAt(moving.migration).toISOString(), erase: erasedPlace(moving) };
    }
    case 'end':
      if (migration.phase !== 'cleaning') {
        await endTierChange(tables, tenant, at);
        return {};
      }
      return onTimeline(tables, input, 'clean', async () => {
        await endTierChange(tables, tenant, at);
        return { done: true };
      });
  }
});
