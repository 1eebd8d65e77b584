import { lambdaTask, pollUntilReady, type StateMachineDefinition } from '../state-machine/states.ts';

/** The functions that the onboarding calls; `packages/functions/src/tasks/onboarding-<name>.ts`. */
export const onboardingTasks = ['begin', 'capacity', 'pool', 'storage', 'silo', 'probe', 'finish'] as const;
export type OnboardingTask = (typeof onboardingTasks)[number];

/** What starts an execution. `run` counts the attempts of a tenant, so that each has an execution name of its own. */
export interface OnboardingInput {
  readonly tenantId: string;
  readonly run: number;
}

/** What every task gets. */
export interface OnboardingTaskInput extends OnboardingInput {
  readonly action?: string;
  readonly failure?: { readonly Error: string; readonly Cause: string };
}

export const executionName = (input: OnboardingInput): string => `${input.tenantId}-${input.run}`;

/**
 * The onboarding of a paid tenant. Each task is safe to repeat; whatever fails for good ends in `RecordFailure`, which
 * makes the tenant `failed` with the reason, from where a new run starts over and adopts what is there.
 */
export function onboardingDefinition(arns: Readonly<Record<OnboardingTask, string>>): StateMachineDefinition {
  const input = { tenantId: '{% $tenantId %}', run: '{% $run %}' };
  const onError = [
    {
      ErrorEquals: ['States.ALL'],
      Next: 'RecordFailure',
      Assign: { failure: '{% $states.errorOutput %}' },
    },
  ];
  const task =
    (name: OnboardingTask, timeoutSeconds: number, action?: string) =>
    (next: string, assign?: Readonly<Record<string, unknown>>): object =>
      lambdaTask({
        functionArn: arns[name],
        payload: action ? { ...input, action } : input,
        timeoutSeconds,
        catch: onError,
        next,
        ...(assign ? { assign } : {}),
      });
  const poll = { attemptsMax: 60, waitSecondsMax: 15, exhausted: 'RecordFailure' };
  return {
    Comment: 'Onboards a tenant that has paid: a place in the pool, or a silo of its own',
    QueryLanguage: 'JSONata',
    StartAt: 'Prepare',
    TimeoutSeconds: 3600,
    States: {
      Prepare: {
        Type: 'Pass',
        Assign: {
          tenantId: '{% $states.input.tenantId %}',
          run: '{% $states.input.run %}',
          polls: 0,
          failure: { Error: 'Unknown', Cause: 'unknown' },
        },
        Next: 'Begin',
      },
      Begin: task('begin', 30)('ChooseIsolation', { isolation: '{% $states.result.Payload.isolation %}' }),
      ChooseIsolation: {
        Type: 'Choice',
        Choices: [{ Condition: "{% $isolation = 'silo' %}", Next: 'Capacity' }],
        Default: 'PlaceInPool',
      },
      PlaceInPool: task('pool', 30)('Finish'),
      Capacity: task('capacity', 60)('Storage'),
      ...pollUntilReady({ name: 'Storage', task: task('storage', 60), next: 'ApplySilo', ...poll }),
      ApplySilo: task('silo', 60, 'apply')('Rollout'),
      ...pollUntilReady({ name: 'Rollout', task: task('silo', 60, 'status'), next: 'Probe', ...poll }),
      ...pollUntilReady({ name: 'Probe', task: task('probe', 30), next: 'Finish', ...poll }),
      Finish: task('finish', 30, 'activate')('Onboarded'),
      Onboarded: { Type: 'Succeed' },
      RecordFailure: lambdaTask({
        functionArn: arns.finish,
        payload: { ...input, action: 'fail', failure: '{% $failure %}' },
        timeoutSeconds: 30,
        next: 'Failed',
      }),
      Failed: { Type: 'Fail', Error: '{% $failure.Error %}', Cause: '{% $failure.Cause %}' },
    },
  };
}
