import { describe, expect, it } from 'vitest';
import { podProblem } from './pod-problem.ts';

const pod = (status: object, metadata: object = {}) => ({ metadata: { name: 'p', ...metadata }, status });
const waits = (reason: string, more: object = {}) =>
  pod({
    phase: 'Pending',
    containerStatuses: [{ ready: false, state: { waiting: { reason, message: 'internal' } }, ...more }],
  });
const exit = (exitCode: number, reason?: string) => ({ lastState: { terminated: { exitCode, reason } } });

describe('why a rollout does not come up', () => {
  it.each([
    ['ImagePullBackOff', waits('ImagePullBackOff'), 'its image cannot be fetched [ImagePullBackOff]'],
    ['ErrImagePull', waits('ErrImagePull'), 'its image cannot be fetched [ErrImagePull]'],
    ['a crash', waits('CrashLoopBackOff', exit(7)), 'it ends again and again, with exit code 7 [CrashLoopBackOff]'],
    ['a crash of unknown code', waits('CrashLoopBackOff'), 'it ends again and again [CrashLoopBackOff]'],
    [
      'too little memory',
      waits('CrashLoopBackOff', exit(137, 'OOMKilled')),
      'it needs more memory than it may have, and is ended again and again [CrashLoopBackOff]',
    ],
    [
      'a missing secret',
      waits('CreateContainerConfigError'),
      'something is missing that its container is given, such as a secret [CreateContainerConfigError]',
    ],
    [
      'no node',
      pod({ conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }] }),
      'there is no node for it yet (0/3 nodes) [Unschedulable]',
    ],
    [
      'a health check that fails',
      pod({ containerStatuses: [{ ready: false, state: { running: {} } }] }),
      'it runs, and does not yet say that it is ready [NotReady]',
    ],
  ])('is said in plain words: %s', (_what, one, words) => {
    expect(podProblem([one])).toBe(words);
  });

  it('is nothing where it only takes time', () => {
    for (const one of [
      waits('ContainerCreating'),
      pod({ containerStatuses: [{ ready: true, state: { running: {} } }] }),
      pod({ conditions: [{ type: 'PodScheduled', status: 'True' }] }),
      { metadata: { name: 'p' } },
    ]) {
      expect(podProblem([one])).toBeUndefined();
    }
  });

  it('is the gravest of several, and never that of a pod that is going', () => {
    const going = waits('ImagePullBackOff');
    const pods = [
      pod({ containerStatuses: [{ ready: false, state: { running: {} } }] }),
      waits('CrashLoopBackOff', exit(1)),
      { ...going, metadata: { ...going.metadata, deletionTimestamp: '2030-01-01T00:00:00Z' } },
    ];
    expect(podProblem(pods)).toBe('it ends again and again, with exit code 1 [CrashLoopBackOff]');
  });

  it('says nothing of what the cluster names in its messages', () => {
    for (const reason of ['ImagePullBackOff', 'CrashLoopBackOff', 'CreateContainerConfigError', 'RunContainerError']) {
      expect(podProblem([waits(reason)])).not.toContain('internal');
    }
  });
});
