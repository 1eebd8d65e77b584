import { lambdaTask, pollUntilReady, type StateMachineDefinition, workInSlices } from '../state-machine/states.ts';
import { noData } from './data-counts.ts';
import { firstPlace } from './tenant-data.ts';

/** The functions that it calls; `packages/functions/src/tasks/<name>.ts`. */
export const deletionTasks = [
  'deletion',
  'deletion-data',
  'deletion-members',
  'deletion-billing',
  'deletion-silo',
  'suspension-silo',
] as const;
export type DeletionTask = (typeof deletionTasks)[number];

/** What starts an execution: one change that deactivates a tenant, or asks for its deletion at once. */
export interface DeletionInput {
  readonly tenantId: string;
  /** `chg_<ulid>`; a newer change makes this one void. */
  readonly changeId: string;
}

/** What each function is asked to do. */
export const deletionActions = {
  deletion: ['begin', 'makeFinal', 'saveFound', 'complete', 'fail'],
  'deletion-data': ['count', 'erase'],
  'deletion-members': ['count', 'release'],
  'deletion-billing': ['letExpire', 'end'],
} as const;

/** One change has one execution, however often it is started. */
export const deletionExecution = ({ tenantId, changeId }: DeletionInput): string => `${tenantId}-${changeId}`;

/** The time for undoing, and a day for the rest. */
const TIMEOUT_SECONDS = 4 * 86_400;

/**
 * Stops what runs for a tenant that leaves, waits until that can no longer be undone, counts all that the tenant has, erases it, and makes
 * sure by a second count. A change that a newer one has replaced ends without effect; one that comes to a halt can be
 * asked for again, and goes on.
 */
export function deletionDefinition(arns: Readonly<Record<DeletionTask, string>>): StateMachineDefinition {
  const input = { tenantId: '{% $tenantId %}', changeId: '{% $changeId %}' };
  const onError = [
    { ErrorEquals: ['States.ALL'], Next: 'RecordFailure', Assign: { failure: '{% $states.errorOutput %}' } },
  ];
  const task = <T extends keyof typeof deletionActions>(
    name: T,
    action: (typeof deletionActions)[T][number],
    next: string,
    more: { readonly payload?: object; readonly assign?: Readonly<Record<string, unknown>> } = {},
  ): object =>
    lambdaTask({
      functionArn: arns[name],
      payload: { ...input, action, ...more.payload },
      timeoutSeconds: 60,
      next,
      ...(action === 'fail' ? {} : { catch: onError }),
      ...(more.assign ? { assign: more.assign } : {}),
    });
  const slices = (name: string, action: 'count' | 'erase', next: string): Record<string, object> =>
    workInSlices({
      name,
      variables: { place: firstPlace, counts: noData },
      task: (after, slice) => task('deletion-data', action, after, slice),
      next,
    });
  const untilReady = (name: string, function_: DeletionTask, next: string): Record<string, object> =>
    pollUntilReady({
      name,
      task: (ready, assign) =>
        lambdaTask({
          functionArn: arns[function_],
          payload: input,
          timeoutSeconds: 60,
          catch: onError,
          assign,
          next: ready,
        }),
      attemptsMax: 60,
      waitSecondsMax: 15,
      next,
      exhausted: 'RecordFailure',
    });
  return {
    Comment: 'Deletes everything that a tenant has, once that can no longer be undone',
    QueryLanguage: 'JSONata',
    StartAt: 'Prepare',
    TimeoutSeconds: TIMEOUT_SECONDS,
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
      Begin: task('deletion', 'begin', 'ChooseBegin', {
        assign: {
          current: '{% $states.result.Payload.current %}',
          until: '{% $states.result.Payload.until %}',
          silo: '{% $states.result.Payload.silo %}',
        },
      }),
      ChooseBegin: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $current %}', Next: 'LetSubscriptionExpire' }],
        Default: 'Done',
      },
      LetSubscriptionExpire: task('deletion-billing', 'letExpire', 'ChooseStop'),
      ChooseStop: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $silo %}', Next: 'StopSilo' }],
        Default: 'WaitForUndo',
      },
      ...untilReady('StopSilo', 'suspension-silo', 'WaitForUndo'),
      WaitForUndo: { Type: 'Wait', Timestamp: '{% $until %}', Next: 'MakeFinal' },
      MakeFinal: task('deletion', 'makeFinal', 'ChooseFinal', {
        assign: { current: '{% $states.result.Payload.current %}', settled: '{% $states.result.Payload.settled %}' },
      }),
      ChooseFinal: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $current %}', Next: 'WaitUntilSettled' }],
        Default: 'Done',
      },
      WaitUntilSettled: { Type: 'Wait', Timestamp: '{% $settled %}', Next: 'CountDataStart' },
      ...slices('CountData', 'count', 'CountMembers'),
      CountMembers: task('deletion-members', 'count', 'SaveFound', {
        assign: {
          members: '{% $states.result.Payload.members %}',
          logins: '{% $states.result.Payload.logins %}',
        },
      }),
      SaveFound: task('deletion', 'saveFound', 'EndSubscription', {
        payload: { found: '{% $merge([$counts, {"members": $members, "logins": $logins}]) %}' },
      }),
      EndSubscription: task('deletion-billing', 'end', 'EraseSilo'),
      ...untilReady('EraseSilo', 'deletion-silo', 'ReleaseMembers'),
      ReleaseMembers: task('deletion-members', 'release', 'EraseDataStart'),
      ...slices('EraseData', 'erase', 'VerifyStart'),
      ...slices('Verify', 'count', 'ChooseVerified'),
      ChooseVerified: {
        Type: 'Choice',
        Choices: [
          {
            Condition: '{% $sum($counts.*) > 0 %}',
            Assign: {
              failure: {
                Error: 'DataRemains',
                Cause: '{% "After everything was erased there was still data: " & $string($counts) %}',
              },
            },
            Next: 'RecordFailure',
          },
        ],
        Default: 'Complete',
      },
      Complete: task('deletion', 'complete', 'Done'),
      Done: { Type: 'Succeed' },
      RecordFailure: task('deletion', 'fail', 'Failed', { payload: { failure: '{% $failure %}' } }),
      Failed: { Type: 'Fail', Error: '{% $failure.Error %}', Cause: '{% $failure.Cause %}' },
    },
  };
}
