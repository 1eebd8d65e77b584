import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { TimelineStep } from '../contract/tenant.ts';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { type Journey, type JourneyName, journeySteps, type Step, stepsOf } from './steps.ts';

const stepRowSchema = z.object({
  sk: z.string(),
  run: z.int(),
  outcome: z.enum(['running', 'succeeded', 'failed']),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  reason: z.string().optional(),
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
    'SET #run = :run, outcome = :running, startedAt = :at, reason = :reason REMOVE endedAt',
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

/** The steps of a journey in order, those that did not begin included. */
export async function readTimeline(
  control: Table,
  tenantId: TenantId,
  journey: Journey,
): Promise<readonly TimelineStep[]> {
  const { pk, sk } = controlKeys.step(tenantId, journey.name, '');
  const { Items = [] } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': pk, ':prefix': sk },
      ConsistentRead: true,
    }),
  );
  const rows = new Map(
    z
      .array(stepRowSchema)
      .parse(Items)
      .filter((row) => row.run === journey.run)
      .map((row) => [row.sk.slice(sk.length), row]),
  );
  const titles: Readonly<Record<string, { readonly title: string; readonly usualSeconds: number }>> =
    journeySteps[journey.name];
  return journey.steps.map((step) => {
    const row = rows.get(step);
    return {
      step,
      title: titles[step]?.title ?? step,
      usualSeconds: titles[step]?.usualSeconds ?? 0,
      outcome: row?.outcome ?? 'waiting',
      startedAt: row?.startedAt ?? null,
      endedAt: row?.endedAt ?? null,
      reason: row?.reason || null,
      attempt: journey.run,
    };
  });
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
