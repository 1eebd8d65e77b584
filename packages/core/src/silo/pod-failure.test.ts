import { expect, it } from 'vitest';
import { podFailure } from './pod-failure.ts';

const pod = (image: string, reason?: string, restartCount = 0, message = '') => ({
  spec: { containers: [{ image }] },
  status: { containerStatuses: [{ restartCount, state: reason ? { waiting: { reason, message } } : {} }] },
});

it.each(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'CreateContainerConfigError', 'CreateContainerError'])(
  'a pod that waits for the reason %s will not start',
  (reason) => {
    expect(podFailure([pod('a:2'), pod('a:2', reason, 0, 'not found')], 'a:2')).toBe(`${reason}: not found`);
    expect(podFailure([pod('a:2', reason)], 'a:2')).toBe(reason);
  },
);

it('a process that ended once may still start, and one that ends again and again will not', () => {
  expect(podFailure([pod('a:2', 'CrashLoopBackOff', 1)], 'a:2')).toBeUndefined();
  expect(podFailure([pod('a:2', 'CrashLoopBackOff', 2, 'exit code 1')], 'a:2')).toBe('CrashLoopBackOff: exit code 1');
});

it('pods that start, that have no status yet, or run another image are no failure', () => {
  const started = [pod('a:2'), pod('a:2', 'ContainerCreating'), { spec: { containers: [{ image: 'a:2' }] } }];
  expect(podFailure([...started, pod('a:1', 'ImagePullBackOff')], 'a:2')).toBeUndefined();
});
