import { lambdaTask, pollUntilReady, type StateMachineDefinition } from '../state-machine/states.ts';

/** The functions that it calls; `packages/functions/src/tasks/<name>.ts`. */
export const suspensionTasks = ['suspension', 'suspension-silo'] as const;
export type SuspensionTask = (typeof suspensionTasks)[number];

/** What starts an execution: one change of a tenant, to `suspended` or back to `active`. */
export interface SuspensionInput {
  readonly tenantId: string;
  /** `chg_<ulid>`; a newer change makes this one void. */
  readonly changeId: string;
}

export const suspensionActions = ['begin', 'activate', 'fail'] as const;
export type SuspensionAction = (typeof suspensionActions)[number];

/** One change has one execution, however often it is started. */
export const suspensionExecution = ({ tenantId, changeId }: SuspensionInput): string => `${tenantId}-${changeId}`;

/**
 * Stops what still runs for a tenant that was suspended, or brings it back and makes the tenant active. The refusal of its
 * requests does not wait for this: it began with the status. A change that a newer one has replaced ends without effect.
 */
export function suspensionDefinition(arns: Readonly<Record<SuspensionTask, string>>): StateMachineDefinition {
  const input = { tenantId: '{% $tenantId %}', changeId: '{% $changeId %}' };
  const onError = [
    { ErrorEquals: ['States.ALL'], Next: 'RecordFailure', Assign: { failure: '{% $states.errorOutput %}' } },
  ];
  const task = (action: SuspensionAction, next: string, assign?: Readonly<Record<string, unknown>>): object =>
    lambdaTask({
      functionArn: arns.suspension,
      payload: action === 'fail' ? { ...input, action, failure: '{% $failure %}' } : { ...input, action },
      timeoutSeconds: 30,
      next,
      ...(action === 'fail' ? {} : { catch: onError }),
      ...(assign ? { assign } : {}),
    });
  return {
    Comment: 'Stops what runs for a suspended tenant, or brings it back',
    QueryLanguage: 'JSONata',
    StartAt: 'Prepare',
    TimeoutSeconds: 1800,
    States: {
      Prepare: {
        Type: 'Pass',
        Assign: {
          tenantId: '{% $states.input.tenantId %}',
          changeId: '{% $states.input.changeId %}',
          polls: 0,
          failure: { Error: 'Unknown', Cause: 'unknown' },
        },
        Next: 'Begin',
      },
      Begin: task('begin', 'ChooseWay', {
        wanted: '{% $states.result.Payload.wanted %}',
        isolation: '{% $states.result.Payload.isolation %}',
      }),
      ChooseWay: {
        Type: 'Choice',
        Choices: [
          { Condition: "{% $wanted = 'superseded' %}", Next: 'Done' },
          { Condition: "{% $isolation = 'silo' %}", Next: 'ScaleSilo' },
        ],
        Default: 'ChooseEnd',
      },
      ...pollUntilReady({
        name: 'ScaleSilo',
        task: (next, assign) =>
          lambdaTask({
            functionArn: arns['suspension-silo'],
            payload: input,
            timeoutSeconds: 60,
            catch: onError,
            assign,
            next,
          }),
        attemptsMax: 60,
        waitSecondsMax: 15,
        next: 'ChooseEnd',
        exhausted: 'RecordFailure',
      }),
      ChooseEnd: {
        Type: 'Choice',
        Choices: [{ Condition: "{% $wanted = 'active' %}", Next: 'Activate' }],
        Default: 'Done',
      },
      Activate: task('activate', 'Done'),
      Done: { Type: 'Succeed' },
      RecordFailure: task('fail', 'Failed'),
      Failed: { Type: 'Fail', Error: '{% $failure.Error %}', Cause: '{% $failure.Cause %}' },
    },
  };
}
