import { lambdaTask, pollUntilReady, type StateMachineDefinition } from '../state-machine/states.ts';
import { type UndoableStep, undoableSteps } from './steps.ts';

/** The functions that the onboarding calls: `packages/functions/src/tasks/onboarding-<name>.ts`, and the deletion's removal of silos. */
export const onboardingTasks = ['begin', 'capacity', 'pool', 'storage', 'silo', 'probe', 'finish', 'removal'] as const;
export type OnboardingTask = (typeof onboardingTasks)[number];

/** What starts an execution. `run` counts the attempts of a tenant, so that each has an execution name of its own. */
export interface OnboardingInput {
  readonly tenantId: string;
  readonly run: number;
}

/** What every task gets. */
export interface OnboardingTaskInput extends OnboardingInput {
  readonly action?: string;
  /** The name of the execution. */
  readonly execution?: string;
  readonly failure?: { readonly Error: string; readonly Cause: string };
}

export const executionName = (input: OnboardingInput): string => `${input.tenantId}-${input.run}`;

/** As many times as each state may ask, and be retried. */
const TIMEOUT_SECONDS = 3 * 3600;

/** What an answer says of the taking back: until it is ready, only why it is not. */
const undoneOf =
  "{% {'outcome': $not($states.result.Payload.ready) ? 'failed' : $states.result.Payload.kept ? 'kept' : 'done', 'reason': $states.result.Payload.reason} %}";

/** What is known of the taking back of a step: nothing, while the machine does not come to it. */
const undoVariable = { probe: 'undoneProbe', silo: 'undoneSilo', storage: 'undoneStorage' } as const satisfies Record<
  UndoableStep,
  string
>;

/**
 * The onboarding of a paid tenant. Each task is safe to repeat. When one fails for good, what the steps have made is taken back, the last
 * one's first, and the tenant becomes `failed` with the reason, from where a new run starts over. What cannot be taken back
 * keeps nothing else from it, and is remembered. A run that is started anew after it failed only takes back.
 */
export function onboardingDefinition(arns: Readonly<Record<OnboardingTask, string>>): StateMachineDefinition {
  const input = { tenantId: '{% $tenantId %}', run: '{% $run %}' };
  const onError = [{ ErrorEquals: ['States.ALL'], Next: 'Undo', Assign: { failure: '{% $states.errorOutput %}' } }];
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
  const poll = { attemptsMax: 60, waitSecondsMax: 15 };
  const polled = { ...poll, exhausted: 'Undo' };
  const execution = '{% $states.context.Execution.Name %}';

  /** Takes back what a step has made; whatever becomes of that, the machine goes on to the next. */
  const undoing = (step: UndoableStep, arn: string, payload: object, next: string): Record<string, object> => {
    const name = `Undo${step[0]?.toUpperCase()}${step.slice(1)}`;
    const variable = undoVariable[step];
    return {
      [`Choose${name}`]: {
        Type: 'Choice',
        Choices: [{ Condition: `{% '${step}' in $undo %}`, Assign: { polls: 0 }, Next: name }],
        Default: next,
      },
      ...pollUntilReady({
        name,
        task: (ready, assign) =>
          lambdaTask({
            functionArn: arn,
            payload: { ...input, changeId: execution, ...payload },
            timeoutSeconds: 60,
            catch: [
              {
                ErrorEquals: ['States.ALL'],
                Next: next,
                Assign: { [variable]: "{% {'outcome': 'failed', 'failure': $states.errorOutput} %}" },
              },
            ],
            assign: { ...assign, [variable]: undoneOf },
            next: ready,
          }),
        ...poll,
        next,
        exhausted: next,
      }),
    };
  };
  return {
    Comment: 'Onboards a tenant that has paid: a place in the pool, or a silo of its own',
    QueryLanguage: 'JSONata',
    StartAt: 'Prepare',
    TimeoutSeconds: TIMEOUT_SECONDS,
    States: {
      Prepare: {
        Type: 'Pass',
        Assign: {
          tenantId: '{% $states.input.tenantId %}',
          run: '{% $states.input.run %}',
          polls: 0,
          undo: [],
          undoneProbe: null,
          undoneSilo: null,
          undoneStorage: null,
          failure: { Error: 'Unknown', Cause: 'unknown' },
          cause: { Error: 'Unknown', Cause: 'unknown' },
        },
        Next: 'Begin',
      },
      ...pollUntilReady({
        name: 'Begin',
        task: (ready, assign) =>
          lambdaTask({
            functionArn: arns.begin,
            payload: { ...input, execution },
            timeoutSeconds: 30,
            catch: onError,
            assign: {
              ...assign,
              isolation: '{% $states.result.Payload.isolation %}',
              way: '{% $states.result.Payload.way %}',
            },
            next: ready,
          }),
        next: 'ChooseIsolation',
        ...polled,
      }),
      ChooseIsolation: {
        Type: 'Choice',
        Choices: [
          { Condition: "{% $way = 'back' %}", Next: 'Undo' },
          { Condition: "{% $isolation = 'silo' %}", Next: 'Capacity' },
        ],
        Default: 'PlaceInPool',
      },
      PlaceInPool: task('pool', 30)('Finish'),
      Capacity: task('capacity', 60)('Storage'),
      ...pollUntilReady({ name: 'Storage', task: task('storage', 60), next: 'ApplySilo', ...polled }),
      ApplySilo: task('silo', 60, 'apply')('Rollout'),
      ...pollUntilReady({ name: 'Rollout', task: task('silo', 60, 'status'), next: 'Probe', ...polled }),
      ...pollUntilReady({ name: 'Probe', task: task('probe', 30), next: 'Finish', ...polled }),
      Finish: task('finish', 30, 'activate')('Onboarded'),
      Onboarded: { Type: 'Succeed' },

      Undo: lambdaTask({
        functionArn: arns.finish,
        payload: { ...input, action: 'undo', execution, failure: '{% $failure %}' },
        timeoutSeconds: 30,
        catch: [
          {
            ErrorEquals: ['States.ALL'],
            Next: 'RecordFailure',
            Assign: { cause: '{% $failure %}', failure: '{% $states.errorOutput %}' },
          },
        ],
        assign: {
          undo: '{% $states.result.Payload.steps %}',
          settled: '{% $states.result.Payload.settled %}',
          cause: '{% $states.result.Payload.cause %}',
        },
        next: 'ChooseUndo',
      }),
      ChooseUndo: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $count($undo) > 0 %}', Next: 'WaitForUndo' }],
        Default: 'RecordFailure',
      },
      WaitForUndo: { Type: 'Wait', Timestamp: '{% $settled %}', Next: 'ChooseUndoProbe' },
      ...undoing('probe', arns.probe, { action: 'undo' }, 'ChooseUndoSilo'),
      ...undoing('silo', arns.removal, { part: 'cluster' }, 'ChooseUndoStorage'),
      ...undoing('storage', arns.removal, { part: 'table' }, 'RecordFailure'),
      RecordFailure: lambdaTask({
        functionArn: arns.finish,
        payload: {
          ...input,
          action: 'fail',
          execution,
          failure: '{% $cause %}',
          undoFailure: '{% $failure %}',
          undone: Object.fromEntries(undoableSteps.map((step) => [step, `{% $${undoVariable[step]} %}`])),
        },
        timeoutSeconds: 30,
        next: 'Failed',
      }),
      Failed: { Type: 'Fail', Error: '{% $cause.Error %}', Cause: '{% $cause.Cause %}' },
    },
  };
}
