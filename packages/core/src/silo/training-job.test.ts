import { describe, expect, it } from 'vitest';
import { jobOutcome, trainingJobName } from './training-job.ts';

const metadata = { name: 'training-1' };
const job = (...conditions: readonly object[]) => ({ metadata, status: { conditions } });
const failed = (reason: string, type = 'Failed') => job({ type, status: 'True', reason });
const pod = (state: object, status: object = {}) => ({
  metadata,
  spec: { containers: [{ image: 'one' }] },
  status: { containerStatuses: [{ restartCount: 0, state }], ...status },
});
const ended = (exitCode: number, reason = 'Error') => pod({ terminated: { exitCode, reason } });

describe('the Job of a training', () => {
  it('is named by the training, so that each has one', () => {
    expect(trainingJobName('mdl_01kbaaaaaaaaaaaaaaaaaaaaaa')).toBe('training-01kbaaaaaaaaaaaaaaaaaaaaaa');
  });

  it('has done its work when it is complete, whatever its first attempts came to', () => {
    expect(jobOutcome(job({ type: 'Complete', status: 'True' }), [ended(1), ended(0)])).toEqual({ kind: 'complete' });
  });

  it.each([
    [
      'an attempt after the other',
      failed('BackoffLimitExceeded'),
      [ended(1), ended(1)],
      /2 times, with exit code 1 \[Back/,
    ],
    [
      'more memory than it may have',
      failed('BackoffLimitExceeded'),
      [ended(137, 'OOMKilled')],
      /more memory than it may/,
    ],
    ['a heap that is full', failed('BackoffLimitExceeded'), [ended(134)], /more memory than it may/],
    ['too much time', failed('DeadlineExceeded'), [ended(143)], /longer than 45 minutes \[DeadlineExceeded\]/],
    [
      'an attempt that is enough',
      failed('PodFailurePolicy', 'FailureTarget'),
      [ended(3)],
      /exit code 3 \[PodFailurePolicy\]/,
    ],
    ['nothing that is known', failed('SomethingNew'), [], /\[SomethingNew\]/],
    [
      'an image that is not there',
      job(),
      [pod({ waiting: { reason: 'ImagePullBackOff', message: 'registry says no' } })],
      /does not start.*its image cannot be fetched \[ImagePullBackOff\]$/,
    ],
    [
      'a node that never came',
      failed('DeadlineExceeded'),
      [
        pod(
          {},
          {
            conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }],
          },
        ),
      ],
      /longer than 45 minutes, and there is no node for it yet \(0\/3 nodes\) \[Unschedulable\]/,
    ],
  ])('fails by %s, and says so to people', (_what, job, pods, words) => {
    expect(jobOutcome(job, pods)).toEqual({ kind: 'failed', reason: expect.stringMatching(words) });
  });

  it('goes on while it has not ended, and says what it waits for', () => {
    expect(jobOutcome({ metadata }, [])).toEqual({ kind: 'waiting', reason: 'The training goes on' });
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'soon' }];
    expect(jobOutcome({ metadata }, [pod({}, { conditions })])).toEqual({
      kind: 'waiting',
      reason: expect.stringContaining('there is no node for it yet'),
    });
  });
});
