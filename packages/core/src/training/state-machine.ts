import { lambdaTask, type StateMachineDefinition } from '../state-machine/states.ts';

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

export const trainingActions = ['train', 'promote', 'fail', 'merge', 'failMerge'] as const;
export type TrainingAction = (typeof trainingActions)[number];

export interface TrainingTaskInput extends TrainingInput {
  readonly action: TrainingAction;
  readonly failure?: { readonly Error: string; readonly Cause: string };
}

/** Makes a tenant's model and lets it serve: from all of its archive, or from the model that serves and what came since. */
export function trainingDefinition(arns: { readonly train: string }): StateMachineDefinition {
  const input = { tenantId: '{% $tenantId %}', trainingId: '{% $trainingId %}' };
  const task = (action: TrainingAction, timeoutSeconds: number, next: string, recorder?: string): object =>
    lambdaTask({
      functionArn: arns.train,
      payload: recorder ? { ...input, action } : { ...input, action, failure: '{% $failure %}' },
      timeoutSeconds,
      next,
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
          failure: { Error: 'Unknown', Cause: 'unknown' },
        },
        Next: 'Kind',
      },
      Kind: {
        Type: 'Choice',
        Choices: [{ Condition: "{% $states.input.kind = 'merge' %}", Next: 'Merge' }],
        Default: 'Train',
      },
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
