import type { SetTimer } from '../../scheduler/timer.ts';
import type { JsonService } from '../definition/resource.ts';
import { type Json, type JsonObject, parseJson } from '../json.ts';
import { callNamed, type ServiceCall } from './call-service.ts';
import { TaskError } from './task-error.ts';

const FIRST_LOOK_MS = 100;
const LOOK_MS_MAX = 2000;

/**
 * Waits for the end of an execution that a `.sync:2` task started, asking as the machine's role, which needs
 * `states:DescribeExecution`.
 * @throws {TaskError} `States.TaskFailed` when it did not end well.
 */
export async function awaitExecution(options: {
  readonly call: ServiceCall;
  readonly executionArn: string;
  readonly service: JsonService;
  readonly now: () => number;
  readonly setTimer: SetTimer;
  readonly signal: AbortSignal;
}): Promise<Json> {
  const { call, executionArn, service, now, setTimer, signal } = options;
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        callOff();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const callOff = setTimer(now() + ms, done);
      signal.addEventListener('abort', done);
    });
  for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * 2, LOOK_MS_MAX)) {
    if (!signal.aborted) await pause(wait);
    if (signal.aborted) throw new TaskError('States.Runtime', 'The wait was called off.');
    const answer = await callNamed(call, service, 'DescribeExecution', { executionArn });
    if (answer.status === 'RUNNING') continue;
    const described = describe(answer);
    if (answer.status === 'SUCCEEDED') return described;
    throw new TaskError('States.TaskFailed', JSON.stringify(described));
  }
}

function describe(answer: JsonObject): JsonObject {
  const data = new Set(['input', 'output']);
  const entries = Object.entries(answer).map(([name, value]): [string, Json] => [
    `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    data.has(name) && typeof value === 'string' ? parseJson(value) : value,
  ]);
  return Object.fromEntries(entries);
}
