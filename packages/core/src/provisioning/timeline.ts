import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type StepUndo, stepUndoSchema, type TimelineStep } from '../contract/tenant.ts';
import { controlKeys } from '../control/keys.ts';
import { isConditionFailure, type Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import type { Tenant } from '../tenant/tenant.ts';
import {
  type Journey,
  type JourneyName,
  journeySteps,
  type Step,
  stepsOf,
  type UndoableStep,
  undoableSteps,
} from './steps.ts';

const stepRowSchema = z.object({
  sk: z.string(),
  run: z.int(),
  outcome: z.enum(['running', 'succeeded', 'failed']),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  reason: z.string().optional(),
  stepUndo: stepUndoSchema.optional(),
});

interface StepOfRun {
  readonly tenantId: TenantId;
  readonly journey: JourneyName;
  readonly run: number;
  readonly step: Step;
  readonly at: Date;
}

/** Marks a step as running, or says what it now waits for. The time at which this run first started it stays. */
export async function startStep(control: Table, step: StepOfRun, reason?: string): Promise<void> {
  const startedHere = await update(
    control,
    step,
    'SET #run = :run, outcome = :running, startedAt = :at, reason = :reason REMOVE endedAt, stepUndo',
    'attribute_not_exists(#run) OR #run < :run',
    { ':running': 'running', ':reason': reason ?? '' },
  );
  if (!startedHere) {
    await update(
      control,
      step,
      'SET outcome = :running, reason = :reason',
      '#run = :run AND outcome <> :succeeded',
      { ':running': 'running', ':succeeded': 'succeeded', ':reason': reason ?? '' },
      false,
    );
  }
}

/** Ends a step of its run. A step that succeeded stays so, whatever a repeated task says later. */
export async function endStep(
  control: Table,
  step: StepOfRun,
  result: { readonly outcome: 'succeeded' } | { readonly outcome: 'failed'; readonly reason: string },
): Promise<void> {
  await update(
    control,
    step,
    'SET outcome = :outcome, endedAt = :at, reason = :reason',
    '#run = :run AND outcome <> :succeeded',
    {
      ':outcome': result.outcome,
      ':succeeded': 'succeeded',
      ':reason': result.outcome === 'failed' ? result.reason : '',
    },
  );
}

/** @returns false when the condition did not hold, which means that the step is already further on. */
async function update(
  control: Table,
  { tenantId, journey, run, step, at }: StepOfRun,
  expression: string,
  condition: string,
  values: Record<string, string>,
  withTime = true,
): Promise<boolean> {
  try {
    await control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.step(tenantId, journey, step),
        UpdateExpression: expression,
        ConditionExpression: condition,
        ExpressionAttributeNames: { '#run': 'run' },
        ExpressionAttributeValues: { ...values, ':run': run, ...(withTime ? { ':at': at.toISOString() } : {}) },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

/** The onboarding that a tenant of this kind goes through. */
export const onboardingOf = (tenant: { readonly isolation: 'pool' | 'silo'; readonly run: number }): Journey => ({
  name: 'onboarding',
  run: tenant.run,
  steps: stepsOf[tenant.isolation],
});

/** The rows of all steps of a journey by their step, whichever run they are of. */
async function readRows(control: Table, tenantId: TenantId, journey: JourneyName) {
  const { pk, sk } = controlKeys.step(tenantId, journey, '');
  const { Items = [] } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': pk, ':prefix': sk },
      ConsistentRead: true,
    }),
  );
  return new Map(
    z
      .array(stepRowSchema)
      .parse(Items)
      .map((row) => [row.sk.slice(sk.length), row]),
  );
}

/** The steps of a journey in order, those that did not begin included. */
export async function readTimeline(
  control: Table,
  tenantId: TenantId,
  journey: Journey,
): Promise<readonly TimelineStep[]> {
  const rows = await readRows(control, tenantId, journey.name);
  const titles: Readonly<Record<string, { readonly title: string; readonly usualSeconds: number }>> =
    journeySteps[journey.name];
  return journey.steps.map((step) => {
    const found = rows.get(step);
    const row = found?.run === journey.run ? found : undefined;
    return {
      step,
      title: titles[step]?.title ?? step,
      usualSeconds: titles[step]?.usualSeconds ?? 0,
      outcome: row?.outcome ?? 'waiting',
      startedAt: row?.startedAt ?? null,
      endedAt: row?.endedAt ?? null,
      reason: row?.reason || null,
      attempt: journey.run,
      undo: row?.stepUndo ?? null,
    };
  });
}

/**
 * How a tenant was onboarded, which need not be how it is isolated by now. The last step makes it active, and is marked as ended a moment
 * after: whoever sees the company as active sees that step as ended, too.
 */
export async function readOnboarding(control: Table, tenant: Tenant): Promise<readonly TimelineStep[]> {
  const { tenantId, run, status, changedAt = null, isolation, onboardedTo = isolation } = tenant;
  const steps = await readTimeline(control, tenantId, onboardingOf({ run, isolation: onboardedTo }));
  if (status !== 'active') return steps;
  return steps.map((step) =>
    step.outcome === 'running' ? { ...step, outcome: 'succeeded', endedAt: changedAt, reason: null } : step,
  );
}

/**
 * Makes a failed run's reason visible when no task could say it, as when a function could not be started: the step that was under way,
 * or was next, is the one that failed.
 */
export async function failOpenStep(
  control: Table,
  tenantId: TenantId,
  journey: Journey,
  reason: string,
  at: Date,
): Promise<void> {
  const timeline = await readTimeline(control, tenantId, journey);
  if (timeline.some(({ outcome }) => outcome === 'failed')) return;
  const open =
    timeline.find(({ outcome }) => outcome === 'running') ?? timeline.find(({ outcome }) => outcome === 'waiting');
  const step = journey.steps.find((name) => name === open?.step);
  if (!step) return;
  const ofRun = { tenantId, journey: journey.name, run: journey.run, step, at };
  await startStep(control, ofRun);
  await endStep(control, ofRun, { outcome: 'failed', reason });
}

/**
 * The steps of the onboarding, the last one first, of which something may be there: they began in some run, and were not taken back since. Each
 * with what became of it so far.
 */
export async function stepsToUndo(
  control: Table,
  tenantId: TenantId,
): Promise<ReadonlyMap<UndoableStep, StepUndo | undefined>> {
  const rows = await readRows(control, tenantId, 'onboarding');
  const began = undoableSteps.filter((step) => rows.has(step) && rows.get(step)?.stepUndo?.outcome !== 'done');
  return new Map(began.map((step) => [step, rows.get(step)?.stepUndo]));
}

/** Says what becomes of what a step had made. Does nothing for a step that never began. */
export async function recordUndo(
  control: Table,
  tenantId: TenantId,
  step: UndoableStep,
  undo: StepUndo,
): Promise<void> {
  try {
    await control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.step(tenantId, 'onboarding', step),
        UpdateExpression: 'SET stepUndo = :undo',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':undo': undo },
      }),
    );
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
  }
}
