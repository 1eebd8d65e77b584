import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { TimelineStep } from '../contract/tenant.ts';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { type OnboardingStep, onboardingSteps, stepsOf } from './steps.ts';

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
  readonly run: number;
  readonly step: OnboardingStep;
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
  { tenantId, run, step, at }: StepOfRun,
  expression: string,
  condition: string,
  values: Record<string, string>,
  withTime = true,
): Promise<boolean> {
  try {
    await control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.step(tenantId, step),
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

/** The steps of a tenant's onboarding in order, those that did not begin included. */
export async function readTimeline(
  control: Table,
  tenant: { readonly tenantId: TenantId; readonly isolation: 'pool' | 'silo'; readonly run: number },
): Promise<readonly TimelineStep[]> {
  const { Items = [] } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': controlKeys.tenant(tenant.tenantId).pk, ':prefix': 'STEP#' },
      ConsistentRead: true,
    }),
  );
  const rows = new Map(
    z
      .array(stepRowSchema)
      .parse(Items)
      .filter((row) => row.run === tenant.run)
      .map((row) => [row.sk.slice('STEP#'.length), row]),
  );
  return stepsOf[tenant.isolation].map((step) => {
    const row = rows.get(step);
    return {
      step,
      title: onboardingSteps[step].title,
      usualSeconds: onboardingSteps[step].usualSeconds,
      outcome: row?.outcome ?? 'waiting',
      startedAt: row?.startedAt ?? null,
      endedAt: row?.endedAt ?? null,
      reason: row?.reason || null,
      attempt: tenant.run,
    };
  });
}

/**
 * Makes a failed run's reason visible when no task could say it, as when a function could not be started: the step that was under way,
 * or was next, is the one that failed.
 */
export async function failOpenStep(
  control: Table,
  tenant: { readonly tenantId: TenantId; readonly isolation: 'pool' | 'silo'; readonly run: number },
  reason: string,
  at: Date,
): Promise<void> {
  const timeline = await readTimeline(control, tenant);
  if (timeline.some(({ outcome }) => outcome === 'failed')) return;
  const open =
    timeline.find(({ outcome }) => outcome === 'running') ?? timeline.find(({ outcome }) => outcome === 'waiting');
  const step = stepsOf[tenant.isolation].find((name) => name === open?.step);
  if (!step) return;
  const ofRun = { tenantId: tenant.tenantId, run: tenant.run, step, at };
  await startStep(control, ofRun);
  await endStep(control, ofRun, { outcome: 'failed', reason });
}
