import { type Catcher, lambdaTask, pollUntilReady, type StateMachineDefinition } from '../state-machine/states.ts';

/** What starts a training, or a merge. `trainingId` names the run and the model that it makes, so that a repeated task writes the same objects. */
export interface TrainingInput {
  readonly tenantId: string;
  /** `mdl_<ulid>` */
  readonly trainingId: string;
  /** `merge` adds newer events to the model that serves; a training unless given. */
  readonly kind?: 'training' | 'merge';
}

/** One training, or merge, has one execution. */
export const trainingExecution = ({ tenantId, trainingId }: TrainingInput): string => `${tenantId}-${trainingId}`;

/** The Job has a deadline of its own; this is for a cluster that does not keep it. */
const JOB_POLLS_MAX = 200;

/** The functions that it calls; `packages/functions/src/tasks/<name>.ts`. */
export const trainingTasks = ['train-model', 'training-silo'] as const;
export type TrainingTask = (typeof trainingTasks)[number];

/** What each function is asked to do. */
export const trainingActions = {
  'train-model': ['begin', 'train', 'promote', 'fail', 'merge', 'failMerge'],
  'training-silo': ['start', 'status', 'stop'],
} as const satisfies Record<TrainingTask, readonly string[]>;
type TrainingAction = (typeof trainingActions)['train-model'][number];
type SiloAction = (typeof trainingActions)['training-silo'][number];

/**
 * Makes a tenant's model and lets it serve: from all of its archive, or from the model that serves and what came since. The model of a tenant with
 * a silo is trained there, by a Job on the tenant's own nodes; merges take seconds, and stay in the function.
 */
export function trainingDefinition(arns: Readonly<Record<TrainingTask, string>>): StateMachineDefinition {
  const input = { tenantId: '{% $tenantId %}', trainingId: '{% $trainingId %}' };
  const silo = (
    action: SiloAction,
    next: string,
    more: { readonly catch: readonly Catcher[]; readonly assign?: Readonly<Record<string, unknown>> },
  ): object =>
    lambdaTask({
      functionArn: arns['training-silo'],
      payload: { ...input, action },
      timeoutSeconds: 60,
      next,
      ...more,
    });
  const undoing = [{ ErrorEquals: ['States.ALL'], Next: 'UndoJob', Assign: { failure: '{% $states.errorOutput %}' } }];
  const task = (
    action: TrainingAction,
    timeoutSeconds: number,
    next: string,
    recorder?: string,
    assign?: Readonly<Record<string, unknown>>,
  ): object =>
    lambdaTask({
      functionArn: arns['train-model'],
      payload: recorder ? { ...input, action } : { ...input, action, failure: '{% $failure %}' },
      timeoutSeconds,
      next,
      ...(assign ? { assign } : {}),
      ...(recorder
        ? {
            catch: [{ ErrorEquals: ['States.ALL'], Next: recorder, Assign: { failure: '{% $states.errorOutput %}' } }],
          }
        : {}),
    });
  return {
    Comment: "Makes a tenant's model and lets it serve",
    QueryLanguage: 'JSONata',
    StartAt: 'Prepare',
    TimeoutSeconds: 3600,
    States: {
      Prepare: {
        Type: 'Pass',
        Assign: {
          tenantId: '{% $states.input.tenantId %}',
          trainingId: '{% $states.input.trainingId %}',
          polls: 0,
          failure: { Error: 'Unknown', Cause: 'unknown' },
        },
        Next: 'Kind',
      },
      Kind: {
        Type: 'Choice',
        Choices: [{ Condition: "{% $states.input.kind = 'merge' %}", Next: 'Merge' }],
        Default: 'Begin',
      },
      Begin: task('begin', 30, 'ChoosePlace', 'RecordFailure', { isolation: '{% $states.result.Payload.isolation %}' }),
      ChoosePlace: {
        Type: 'Choice',
        Choices: [{ Condition: "{% $isolation = 'silo' %}", Next: 'StartJob' }],
        Default: 'Train',
      },
      StartJob: silo('start', 'Job', { catch: undoing }),
      ...pollUntilReady({
        name: 'Job',
        task: (next, assign) => silo('status', next, { catch: undoing, assign }),
        attemptsMax: JOB_POLLS_MAX,
        waitSecondsMax: 15,
        next: 'Promote',
        exhausted: 'UndoJob',
      }),
      // What it failed by is what is recorded, whatever becomes of this.
      UndoJob: silo('stop', 'RecordFailure', { catch: [{ ErrorEquals: ['States.ALL'], Next: 'RecordFailure' }] }),
      Train: task('train', 900, 'Promote', 'RecordFailure'),
      Promote: task('promote', 30, 'Trained', 'RecordFailure'),
      Trained: { Type: 'Succeed' },
      RecordFailure: task('fail', 30, 'Failed'),
      Merge: task('merge', 900, 'Merged', 'MergeNoteFailure'),
      Merged: { Type: 'Succeed' },
      MergeNoteFailure: task('failMerge', 30, 'Failed'),
      Failed: { Type: 'Fail', Error: '{% $failure.Error %}', Cause: '{% $failure.Cause %}' },
    },
  };
}
