import { lambdaTask, pollUntilReady, type StateMachineDefinition, workInSlices } from '../state-machine/states.ts';
import { firstErasurePlace } from './shopper-data.ts';

/** What starts a run of erasures. Whose they are is in no input: executions are remembered for months. */
export interface ErasureRunInput {
  readonly tenantId: string;
  /** `chg_<ulid>` */
  readonly runId: string;
}

/** One run has one execution, however often it is started. */
export const erasureExecution = ({ tenantId, runId }: ErasureRunInput): string => `${tenantId}-${runId}`;

export const erasureActions = ['begin', 'count', 'saveFound', 'erase', 'retrain', 'complete', 'fail'] as const;
export type ErasureAction = (typeof erasureActions)[number];

/** A run that still says that it runs after this long was lost, and another may begin. */
export const erasureSecondsMax = 24 * 3600;

/** So often it is erased what came in meanwhile. */
const ROUNDS_MAX = 3;

/**
 * Erases the shoppers of a tenant that are waiting for it: waits until nothing that was under way can write about them any more, counts, erases, makes
 * sure by a second count, has a model trained without them, and issues the certificates. Requests that came in meanwhile are next.
 */
export function erasureDefinition(arns: { readonly erase: string }): StateMachineDefinition {
  const input = { tenantId: '{% $tenantId %}', runId: '{% $runId %}' };
  const onError = [
    { ErrorEquals: ['States.ALL'], Next: 'RecordFailure', Assign: { failure: '{% $states.errorOutput %}' } },
  ];
  const task = (
    action: ErasureAction,
    next: string,
    more: { readonly payload?: object; readonly assign?: Readonly<Record<string, unknown>> } = {},
  ): object =>
    lambdaTask({
      functionArn: arns.erase,
      payload: { ...input, action, ...more.payload },
      timeoutSeconds: 60,
      next,
      ...(action === 'fail' ? {} : { catch: onError }),
      ...(more.assign ? { assign: more.assign } : {}),
    });
  const slices = (name: string, action: 'count' | 'erase', next: string): Record<string, object> =>
    workInSlices({
      name,
      variables: { place: firstErasurePlace, counts: {}, total: 0 },
      task: (after, slice) => task(action, after, slice),
      next,
    });
  const answered = (...names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, `{% $states.result.Payload.${name} %}`]));
  return {
    Comment: 'Erases shoppers of a tenant, one run after the other',
    QueryLanguage: 'JSONata',
    StartAt: 'Prepare',
    TimeoutSeconds: erasureSecondsMax,
    States: {
      Prepare: {
        Type: 'Pass',
        Assign: {
          tenantId: '{% $states.input.tenantId %}',
          runId: '{% $states.input.runId %}',
          polls: 0,
          rounds: 0,
          failure: { Error: 'Unknown', Cause: 'unknown' },
        },
        Next: 'Begin',
      },
      ...pollUntilReady({
        name: 'Begin',
        task: (next, assign) =>
          task('begin', next, { assign: { ...assign, ...answered('any', 'settled', 'home'), rounds: 0 } }),
        attemptsMax: 150,
        waitSecondsMax: 300,
        next: 'ChooseAny',
        exhausted: 'RecordFailure',
      }),
      ChooseAny: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $any %}', Next: 'WaitUntilSettled' }],
        Default: 'Done',
      },
      WaitUntilSettled: { Type: 'Wait', Timestamp: '{% $settled %}', Next: 'CountStart' },
      ...slices('Count', 'count', 'SaveFound'),
      SaveFound: task('saveFound', 'EraseStart', { payload: { counts: '{% $counts %}' } }),
      ...slices('Erase', 'erase', 'VerifyStart'),
      ...slices('Verify', 'count', 'ChooseVerified'),
      ChooseVerified: {
        Type: 'Choice',
        Choices: [
          {
            Condition: `{% $total > 0 and $rounds < ${ROUNDS_MAX} %}`,
            Assign: { rounds: '{% $rounds + 1 %}' },
            Next: 'EraseStart',
          },
          {
            Condition: '{% $total > 0 %}',
            Assign: {
              failure: {
                Error: 'DataRemains',
                Cause: 'The shop goes on sending events of the shopper; ask again when it has stopped.',
              },
            },
            Next: 'RecordFailure',
          },
        ],
        Default: 'Retrain',
      },
      ...pollUntilReady({
        name: 'Retrain',
        task: (next, assign) => task('retrain', next, { assign: { ...assign, ...answered('retraining') } }),
        attemptsMax: 90,
        waitSecondsMax: 60,
        next: 'Complete',
        exhausted: 'RecordFailure',
      }),
      Complete: task('complete', 'ChooseComplete', {
        payload: { home: '{% $home %}', retraining: '{% $retraining %}' },
        assign: answered('again'),
      }),
      // Asked for meanwhile; or moved between pool and silo, where copies may have gone past the eraser.
      ChooseComplete: { Type: 'Choice', Choices: [{ Condition: '{% $again %}', Next: 'Begin' }], Default: 'Done' },
      Done: { Type: 'Succeed' },
      RecordFailure: task('fail', 'ChooseFailed', {
        payload: { failure: '{% $failure %}' },
        assign: { ...answered('again'), polls: 0 },
      }),
      ChooseFailed: { Type: 'Choice', Choices: [{ Condition: '{% $again %}', Next: 'Begin' }], Default: 'Failed' },
      Failed: { Type: 'Fail', Error: '{% $failure.Error %}', Cause: '{% $failure.Cause %}' },
    },
  };
}
