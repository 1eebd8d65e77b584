import { describe, expect, it } from 'vitest';
import { podProblem } from './pod-problem.ts';

const pod = (container: object, conditions: object[] = []) => ({
  status: { conditions, containerStatuses: [container] },
});
const waiting = (reason: string) => pod({ state: { waiting: { reason } } });
const running = pod({ state: { running: {} } });

describe('the problem of pods', () => {
  it.each([
    ['ImagePullBackOff', 'cannot be pulled'],
    ['ErrImagePull', 'cannot be pulled'],
    ['CreateContainerConfigError', 'is not there'],
  ])('is said in words, with %s for whoever looks it up', (reason, words) => {
    expect(podProblem([running, waiting(reason)])).toMatch(new RegExp(`${words}.*\\(${reason}\\)`));
  });

  it('tells the exit code of a container that ends again and again', () => {
    const crashing = { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 3 } } };
    expect(podProblem([pod(crashing)])).toMatch(/again and again.*\(CrashLoopBackOff, exit code 3\)/);
  });

  it('tells that no node takes a pod', () => {
    const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable' };
    expect(podProblem([{ status: { conditions: [condition] } }])).toContain('no node has room');
  });

  it('is none while pods start, run, or have not been seen yet', () => {
    expect(podProblem([])).toBeUndefined();
    expect(podProblem([{}, waiting('ContainerCreating'), waiting('PodInitializing'), running])).toBeUndefined();
    expect(podProblem([waiting('constructor')])).toBeUndefined();
  });
});
