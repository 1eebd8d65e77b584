import { lambdaTask, type StateMachineDefinition } from '../state-machine/states.ts';
import type { SliceCursor } from './slice.ts';

/** What starts an export. */
export interface ExportInput {
  readonly tenantId: string;
  /** `exp_<ulid>` */
  readonly exportId: string;
}

/** One export has one execution, however often it is started. */
export const exportExecution = ({ tenantId, exportId }: ExportInput): string => `${tenantId}-${exportId}`;

export const exportActions = ['write', 'finish', 'fail'] as const;
export type ExportAction = (typeof exportActions)[number];

/** An export that still says `running` after this long was lost. */
export const exportSecondsMax = 6 * 3600;

/** So that the history of an execution stays within the 25,000 events that Step Functions keeps. */
const SLICES_MAX = 3000;

const firstSlice: SliceCursor = { section: 'readme', part: 1 };

/** Writes a tenant's data file by file; the cursor lies in the state machine, so that no task runs for long. */
export function exportDefinition(arns: { readonly export: string }): StateMachineDefinition {
  const input = { tenantId: '{% $tenantId %}', exportId: '{% $exportId %}' };
  const payloads = {
    write: { cursor: '{% $cursor %}' },
    finish: {},
    fail: { failure: '{% $failure %}' },
  } as const satisfies Record<ExportAction, object>;
  const onError = [
    { ErrorEquals: ['States.ALL'], Next: 'RecordFailure', Assign: { failure: '{% $states.errorOutput %}' } },
  ];
  const task = (
    action: ExportAction,
    timeoutSeconds: number,
    next: string,
    assign?: Readonly<Record<string, unknown>>,
  ): object =>
    lambdaTask({
      functionArn: arns.export,
      payload: { ...input, action, ...payloads[action] },
      timeoutSeconds,
      next,
      ...(action === 'fail' ? {} : { catch: onError }),
      ...(assign ? { assign } : {}),
    });
  return {
    Comment: "Writes a tenant's data into files that it can download",
    QueryLanguage: 'JSONata',
    StartAt: 'Prepare',
    TimeoutSeconds: exportSecondsMax,
    States: {
      Prepare: {
        Type: 'Pass',
        Assign: {
          tenantId: '{% $states.input.tenantId %}',
          exportId: '{% $states.input.exportId %}',
          cursor: firstSlice,
          slices: 0,
          failure: { Error: 'Unknown', Cause: 'unknown' },
        },
        Next: 'WriteSlice',
      },
      WriteSlice: task('write', 60, 'SliceWritten', {
        done: '{% $states.result.Payload.done %}',
        cursor: '{% $states.result.Payload.cursor %}',
        slices: '{% $slices + 1 %}',
        failure: { Error: 'ExportTooLarge', Cause: `There is more data than fits into ${SLICES_MAX} files.` },
      }),
      SliceWritten: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $done %}', Next: 'Finish' },
          { Condition: `{% $slices >= ${SLICES_MAX} %}`, Next: 'RecordFailure' },
        ],
        Default: 'WriteSlice',
      },
      Finish: task('finish', 60, 'Exported'),
      Exported: { Type: 'Succeed' },
      RecordFailure: task('fail', 60, 'Failed'),
      Failed: { Type: 'Fail', Error: '{% $failure.Error %}', Cause: '{% $failure.Cause %}' },
    },
  };
}
