import { lambdaTask, pollUntilReady, type StateMachineDefinition } from '../state-machine/states.ts';

/** The functions that it calls; `packages/functions/src/tasks/<name>.ts`. */
export const fleetTasks = ['fleet-rollout', 'fleet-silo', 'fleet-gate'] as const;
export type FleetTask = (typeof fleetTasks)[number];

/** What starts an execution. */
export interface FleetInput {
  /** `rol_<ulid>` */
  readonly rolloutId: string;
  /** `back`: an operator wants what it changed to be as it was. */
  readonly direction: 'forward' | 'back';
}

/** What each function is asked to do. */
export const fleetActions = {
  'fleet-rollout': ['begin', 'wave', 'finish', 'failTenant', 'rollBack', 'finishRollback', 'fail'],
  'fleet-silo': ['apply', 'status'],
} as const;

/** Silos that change at the same time. */
const CONCURRENCY = 5;
/** Long enough for a fleet of hundreds of silos with a soak of minutes for each wave. */
const TIMEOUT_SECONDS = 2 * 86_400;

type Assign = Readonly<Record<string, unknown>>;

/**
 * Brings a version of the recommender to the silos, wave after wave: every silo of a wave runs it, soaks, and passes its gate before the next wave
 * begins. The first failure brings back everything that was changed, in reverse order. An operator's wish to roll back has an
 * execution of its own, which takes over.
 */
export function fleetRolloutDefinition(arns: Readonly<Record<FleetTask, string>>): StateMachineDefinition {
  const rolloutId = '{% $rolloutId %}';
  const onError = (next: string) => [
    { ErrorEquals: ['States.ALL'], Next: next, Assign: { problem: '{% $states.errorOutput %}' } },
  ];
  const whole = (
    action: (typeof fleetActions)['fleet-rollout'][number],
    next: string,
    more: { readonly payload?: object; readonly assign?: Assign; readonly onError?: string } = {},
  ): object =>
    lambdaTask({
      functionArn: arns['fleet-rollout'],
      payload: { rolloutId, action, ...more.payload },
      timeoutSeconds: 60,
      next,
      ...(more.assign ? { assign: more.assign } : {}),
      ...(more.onError ? { catch: onError(more.onError) } : {}),
    });

  /** Within a Map: one tenant, whose failure is put down before it ends the Map, or is passed over. */
  const eachTenant = (options: {
    /** What the names of its states begin with: they are unique in the whole machine. */
    readonly name: string;
    readonly states: (name: string, task: TaskFor) => Record<string, object>;
    readonly start: string;
    readonly concurrency: number;
    readonly stopsAll: boolean;
    readonly next: string;
    readonly onError: string;
  }): object => {
    const tenant = { rolloutId, tenantId: '{% $tenantId %}', wave: '{% $waveOfTenant %}' };
    const { name } = options;
    const caught = [
      { ErrorEquals: ['States.ALL'], Next: `${name}NoteFailure`, Assign: { failure: '{% $states.errorOutput %}' } },
    ];
    const task: TaskFor = (fn, action) => (next, assign) =>
      lambdaTask({
        functionArn: arns[fn],
        payload: action ? { ...tenant, action } : tenant,
        timeoutSeconds: 60,
        catch: caught,
        next,
        ...(assign ? { assign } : {}),
      });
    return {
      Type: 'Map',
      Items: '{% $tenants %}',
      ItemSelector: { tenantId: '{% $states.context.Map.Item.Value %}', wave: '{% $wave %}' },
      MaxConcurrency: options.concurrency,
      ItemProcessor: {
        StartAt: `${name}Take`,
        States: {
          [`${name}Take`]: {
            Type: 'Pass',
            Assign: {
              tenantId: '{% $states.input.tenantId %}',
              waveOfTenant: '{% $states.input.wave %}',
              polls: 0,
              failure: { Error: 'Unknown', Cause: 'unknown' },
            },
            Next: `${name}${options.start}`,
          },
          ...options.states(name, task),
          [`${name}Done`]: { Type: 'Succeed' },
          [`${name}NoteFailure`]: lambdaTask({
            functionArn: arns['fleet-rollout'],
            payload: { ...tenant, action: 'failTenant', failure: '{% $failure %}' },
            timeoutSeconds: 30,
            next: options.stopsAll ? `${name}Failed` : `${name}Done`,
          }),
          ...(options.stopsAll
            ? { [`${name}Failed`]: { Type: 'Fail', Error: 'TenantFailed', Cause: '{% $failure.Cause %}' } }
            : {}),
        },
      },
      Output: {},
      Catch: onError(options.onError),
      Next: options.next,
    };
  };
  const change = (name: string, task: TaskFor): Record<string, object> => ({
    [`${name}Apply`]: task('fleet-silo', 'apply')(`${name}Status`),
    ...pollUntilReady({
      name: `${name}Status`,
      task: task('fleet-silo', 'status'),
      attemptsMax: 60,
      waitSecondsMax: 15,
      next: `${name}Done`,
      exhausted: `${name}NoteFailure`,
    }),
  });

  return {
    Comment: 'Brings a version of the recommender to the silos, wave after wave, and back when one fails',
    QueryLanguage: 'JSONata',
    StartAt: 'Prepare',
    TimeoutSeconds: TIMEOUT_SECONDS,
    States: {
      Prepare: {
        Type: 'Pass',
        Assign: {
          rolloutId: '{% $states.input.rolloutId %}',
          direction: '{% $states.input.direction %}',
          wave: -1,
          tenants: [],
          problem: { Error: 'Unknown', Cause: 'unknown' },
        },
        Next: 'ChooseDirection',
      },
      ChooseDirection: {
        Type: 'Choice',
        Choices: [{ Condition: "{% $direction = 'back' %}", Next: 'RollBack' }],
        Default: 'Begin',
      },
      Begin: whole('begin', 'NextWave', { onError: 'RollBack' }),
      NextWave: whole('wave', 'ChooseWave', {
        payload: { wave: '{% $wave + 1 %}' },
        assign: {
          wave: '{% $wave + 1 %}',
          last: '{% $states.result.Payload.last %}',
          tenants: '{% $states.result.Payload.tenants %}',
          soakSeconds: '{% $states.result.Payload.soakSeconds %}',
        },
        onError: 'RollBack',
      }),
      ChooseWave: { Type: 'Choice', Choices: [{ Condition: '{% $last %}', Next: 'Finish' }], Default: 'UpdateWave' },
      UpdateWave: eachTenant({
        name: 'Update',
        states: change,
        start: 'Apply',
        concurrency: CONCURRENCY,
        stopsAll: true,
        next: 'Soak',
        onError: 'RollBack',
      }),
      Soak: { Type: 'Wait', Seconds: '{% $soakSeconds %}', Next: 'GateWave' },
      GateWave: eachTenant({
        name: 'Gate',
        states: (name, task) =>
          pollUntilReady({
            name: `${name}Ask`,
            task: task('fleet-gate'),
            attemptsMax: 3,
            waitSecondsMax: 5,
            next: `${name}Done`,
            exhausted: `${name}NoteFailure`,
          }),
        start: 'Ask',
        concurrency: CONCURRENCY,
        stopsAll: true,
        next: 'NextWave',
        onError: 'RollBack',
      }),
      Finish: whole('finish', 'Done', { onError: 'RollBack' }),
      Done: { Type: 'Succeed' },
      RollBack: whole('rollBack', 'ChooseRollBack', {
        payload: { execution: '{% $states.context.Execution.Name %}', failure: '{% $problem %}' },
        assign: {
          mine: '{% $states.result.Payload.mine %}',
          tenants: '{% $states.result.Payload.tenants %}',
          wave: -1,
        },
        onError: 'RecordFailure',
      }),
      ChooseRollBack: {
        Type: 'Choice',
        // Another execution brings everything back.
        Choices: [{ Condition: '{% $not($mine) %}', Next: 'Done' }],
        Default: 'RestoreTenants',
      },
      RestoreTenants: eachTenant({
        name: 'Restore',
        states: change,
        start: 'Apply',
        // In the reverse order, and the next ones even if one fails.
        concurrency: 1,
        stopsAll: false,
        next: 'FinishRollback',
        onError: 'RecordFailure',
      }),
      FinishRollback: whole('finishRollback', 'ChooseEnd', { onError: 'RecordFailure' }),
      ChooseEnd: {
        Type: 'Choice',
        Choices: [{ Condition: "{% $direction = 'back' %}", Next: 'Done' }],
        Default: 'Failed',
      },
      RecordFailure: whole('fail', 'Failed', {
        payload: { execution: '{% $states.context.Execution.Name %}', failure: '{% $problem %}' },
      }),
      Failed: { Type: 'Fail', Error: '{% $problem.Error %}', Cause: '{% $problem.Cause %}' },
    },
  };
}

type TaskFor = (fn: FleetTask, action?: string) => (next: string, assign?: Assign) => object;
