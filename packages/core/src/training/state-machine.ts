import { lambdaTask, type StateMachineDefinition } from '../state-machine/states.ts';

/** What starts a training. `trainingId` names the run and the model that it makes, so that a repeated task writes the same objects. */
export interface TrainingInput {
  readonly tenantId: string;
  /** `mdl_<ulid>` */
  readonly trainingId: string;
}

/** One training has one execution. */
export const trainingExecution = ({ tenantId, trainingId }: TrainingInput): string => `${tenantId}-${trainingId}`;

export const trainingActions = ['train', 'promote', 'fail'] as const;
export type TrainingAction = (typeof trainingActions)[number];

export interface TrainingTaskInput extends TrainingInput {
  readonly action: TrainingAction;
  readonly failure?: { readonly Error: string; readonly Cause: string };
}

/** Trains a tenant's model from its archive, registers it and lets it serve. */
export function trainingDefinition(arns: { readonly train: string }): StateMachineDefinition {
  const input = { tenantId: '{% $tenantId %}', trainingId: '{% $trainingId %}' };
  const onError = [
    { ErrorEquals: ['States.ALL'], Next: 'RecordFailure', Assign: { failure: '{% $states.errorOutput %}' } },
  ];
  const task = (action: TrainingAction, timeoutSeconds: number, next: string): object =>
    lambdaTask({
      functionArn: arns.train,
      payload: action === 'fail' ? { ...input, action, failure: '{% $failure %}' } : { ...input, action },
      timeoutSeconds,
      next,
      ...(action === 'fail' ? {} : { catch: onError }),
    });
  return {
    Comment: "Trains a tenant's model from its archive, registers it and lets it serve",
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
        Next: 'Train',
      },
      Train: task('train', 900, 'Promote'),
      Promote: task('promote', 30, 'Trained'),
      Trained: { Type: 'Succeed' },
      RecordFailure: task('fail', 30, 'Failed'),
      Failed: { Type: 'Fail', Error: '{% $failure.Error %}', Cause: '{% $failure.Cause %}' },
    },
  };
}
