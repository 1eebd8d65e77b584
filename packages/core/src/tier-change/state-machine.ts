import { lambdaTask, pollUntilReady, type StateMachineDefinition, workInSlices } from '../state-machine/states.ts';
import { firstMovePlace, noMove } from './events-move.ts';

/** The functions that it calls; `packages/functions/src/tasks/<name>.ts`. */
export const tierChangeTasks = [
  'tier-change',
  'tier-change-data',
  'tier-change-billing',
  'onboarding-capacity',
  'onboarding-storage',
  'onboarding-silo',
  'onboarding-probe',
  'deletion-silo',
] as const;
export type TierChangeTask = (typeof tierChangeTasks)[number];

/** What starts an execution: a request to change the tier, to undo that, or to go on with it. */
export interface TierChangeInput {
  readonly tenantId: string;
  /** `chg_<ulid>`; a newer request makes this one void. */
  readonly changeId: string;
}

/** What the functions of its own are asked to do. */
export const tierChangeActions = {
  'tier-change': ['begin', 'mirror', 'switch', 'stopMirror', 'undo', 'end', 'fail'],
  'tier-change-data': ['copy', 'verify', 'erase'],
  'tier-change-billing': ['charge', 'restore'],
} as const;

/** One request has one execution, however often it is started. */
export const tierChangeExecution = ({ tenantId, changeId }: TierChangeInput): string => `${tenantId}-${changeId}`;

/** The grace period, and a day for the rest. */
const TIMEOUT_SECONDS = 4 * 86_400;

/**
 * Moves a tenant to another tier while it is served: builds the new place, writes new events to both, copies the old ones, compares all, switches,
 * and erases the old place after a grace period. Until the switch whatever fails for good is undone; afterwards it comes to a
 * halt and can be resumed. A request that a newer one has replaced ends without effect.
 */
export function tierChangeDefinition(arns: Readonly<Record<TierChangeTask, string>>): StateMachineDefinition {
  const input = { tenantId: '{% $tenantId %}', changeId: '{% $changeId %}' };
  const ofRun = { ...input, run: '{% $number %}', journey: 'tier-change' };
  const catching = (next: string) => [
    { ErrorEquals: ['States.ALL'], Next: next, Assign: { failure: '{% $states.errorOutput %}' } },
  ];
  /** Before the switch a failure is undone; after it, and while undoing, it is recorded. */
  const undone = { catch: catching('Undo'), exhausted: 'Undo' } as const;
  const recorded = { catch: catching('RecordFailure'), exhausted: 'RecordFailure' } as const;

  const task = <T extends keyof typeof tierChangeActions>(
    name: T,
    action: (typeof tierChangeActions)[T][number],
    next: string,
    onError: typeof undone | typeof recorded | Record<string, never>,
    more: { readonly payload?: object; readonly assign?: Readonly<Record<string, unknown>> } = {},
  ): object =>
    lambdaTask({
      functionArn: arns[name],
      payload: { ...ofRun, action, ...more.payload },
      timeoutSeconds: 60,
      next,
      ...(onError.catch ? { catch: onError.catch } : {}),
      ...(more.assign ? { assign: more.assign } : {}),
    });
  const poll = (
    name: string,
    function_: TierChangeTask,
    next: string,
    onError: typeof undone | typeof recorded,
    action?: string,
  ): Record<string, object> =>
    pollUntilReady({
      name,
      task: (ready, assign) =>
        lambdaTask({
          functionArn: arns[function_],
          payload: action ? { ...ofRun, action } : ofRun,
          timeoutSeconds: 60,
          catch: onError.catch,
          assign,
          next: ready,
        }),
      attemptsMax: 60,
      waitSecondsMax: 15,
      next,
      exhausted: onError.exhausted,
    });
  const apply = (next: string, onError: typeof undone | typeof recorded): object =>
    lambdaTask({
      functionArn: arns['onboarding-silo'],
      payload: { ...ofRun, action: 'apply' },
      timeoutSeconds: 60,
      catch: onError.catch,
      next,
    });
  const slices = (
    name: string,
    action: (typeof tierChangeActions)['tier-change-data'][number],
    next: string,
    onError: typeof undone | typeof recorded,
  ): Record<string, object> =>
    workInSlices({
      name,
      variables: { place: firstMovePlace, tally: noMove },
      task: (after, slice) => task('tier-change-data', action, after, onError, slice),
      next,
    });
  /** Goes on only while the request is the newest. */
  const ifCurrent = (next: string): object => ({
    Type: 'Choice',
    Choices: [{ Condition: '{% $current %}', Next: next }],
    Default: 'Done',
  });
  const assigned = (...names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, `{% $states.result.Payload.${name} %}`]));

  return {
    Comment: 'Moves a tenant to another tier while its shoppers are served',
    QueryLanguage: 'JSONata',
    StartAt: 'Prepare',
    TimeoutSeconds: TIMEOUT_SECONDS,
    States: {
      Prepare: {
        Type: 'Pass',
        Assign: {
          tenantId: '{% $states.input.tenantId %}',
          changeId: '{% $states.input.changeId %}',
          number: 1,
          polls: 0,
          place: firstMovePlace,
          tally: noMove,
          failure: { Error: 'Unknown', Cause: 'unknown' },
        },
        Next: 'Begin',
      },
      Begin: task('tier-change', 'begin', 'ChooseBegin', recorded, {
        assign: assigned('current', 'number', 'phase', 'way'),
      }),
      ChooseBegin: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $not($current) %}', Next: 'Done' },
          { Condition: "{% $phase = 'undoing' %}", Next: 'UndoAsAsked' },
          { Condition: "{% $phase = 'switched' and $way = 'resize' %}", Next: 'End' },
          { Condition: "{% $phase = 'switched' %}", Next: 'Switch' },
          { Condition: "{% $phase = 'cleaning' %}", Next: 'StopMirror' },
          { Condition: "{% $way = 'toPool' %}", Next: 'Mirror' },
        ],
        Default: 'Capacity',
      },

      Capacity: lambdaTask({
        functionArn: arns['onboarding-capacity'],
        payload: ofRun,
        timeoutSeconds: 60,
        catch: undone.catch,
        next: 'ChooseBuild',
      }),
      ChooseBuild: {
        Type: 'Choice',
        Choices: [{ Condition: "{% $way = 'resize' %}", Next: 'ApplySilo' }],
        Default: 'Storage',
      },
      ...poll('Storage', 'onboarding-storage', 'ApplySilo', undone),
      ApplySilo: apply('Rollout', undone),
      ...poll('Rollout', 'onboarding-silo', 'Probe', undone, 'status'),
      ...poll('Probe', 'onboarding-probe', 'ChooseMove', undone),
      ChooseMove: {
        Type: 'Choice',
        Choices: [{ Condition: "{% $way = 'resize' %}", Next: 'Charge' }],
        Default: 'Mirror',
      },

      Mirror: task('tier-change', 'mirror', 'IfMirror', undone, { assign: assigned('current', 'settled') }),
      IfMirror: ifCurrent('WaitForMirror'),
      WaitForMirror: { Type: 'Wait', Timestamp: '{% $settled %}', Next: 'CopyStart' },
      ...slices('Copy', 'copy', 'VerifyStart', undone),
      ...slices('Verify', 'verify', 'Charge', undone),
      Charge: task('tier-change-billing', 'charge', 'Switch', undone),
      Switch: task('tier-change', 'switch', 'IfSwitched', undone, {
        payload: { tally: '{% $tally %}' },
        assign: assigned('current', 'graceUntil'),
      }),
      IfSwitched: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $not($current) %}', Next: 'Done' },
          { Condition: "{% $way = 'resize' %}", Next: 'End' },
        ],
        Default: 'WaitForGrace',
      },
      WaitForGrace: { Type: 'Wait', Timestamp: '{% $graceUntil %}', Next: 'StopMirror' },

      StopMirror: task('tier-change', 'stopMirror', 'IfErase', recorded, {
        assign: assigned('current', 'settled', 'erase'),
      }),
      Undo: task('tier-change', 'undo', 'IfUndo', recorded, {
        payload: { failure: '{% $failure %}' },
        // Whatever failed may have been asked some times already.
        assign: { ...assigned('current', 'settled', 'erase'), polls: 0 },
      }),
      UndoAsAsked: task('tier-change', 'undo', 'IfUndo', recorded, { assign: assigned('current', 'settled', 'erase') }),
      IfUndo: ifCurrent('RestorePrice'),
      RestorePrice: task('tier-change-billing', 'restore', 'WaitForErase', recorded),
      IfErase: ifCurrent('WaitForErase'),
      WaitForErase: { Type: 'Wait', Timestamp: '{% $settled %}', Next: 'ChooseErase' },
      ChooseErase: {
        Type: 'Choice',
        Choices: [
          { Condition: "{% $erase = 'silo' %}", Next: 'EraseSilo' },
          { Condition: "{% $erase = 'pool' %}", Next: 'EraseEventsStart' },
        ],
        Default: 'ReapplySilo',
      },
      ...poll('EraseSilo', 'deletion-silo', 'End', recorded),
      ...slices('EraseEvents', 'erase', 'End', recorded),
      ReapplySilo: apply('ReapplyRollout', recorded),
      ...poll('ReapplyRollout', 'onboarding-silo', 'End', recorded, 'status'),
      End: task('tier-change', 'end', 'Done', recorded),
      Done: { Type: 'Succeed' },
      RecordFailure: task('tier-change', 'fail', 'Failed', {}, { payload: { failure: '{% $failure %}' } }),
      Failed: { Type: 'Fail', Error: '{% $failure.Error %}', Cause: '{% $failure.Cause %}' },
    },
  };
}
