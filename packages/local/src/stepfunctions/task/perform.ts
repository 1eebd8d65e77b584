import type { AssumeRoleForService } from '../../aws/engine.ts';
import { createJsonCall } from '../../lambda/signed-call.ts';
import type { SetTimer } from '../../scheduler/timer.ts';
import type { TaskResource } from '../definition/resource.ts';
import type { ExecutionFacts } from '../execution/journal.ts';
import type { TaskPhase } from '../execution/thread.ts';
import type { Json } from '../json.ts';
import { awaitExecution } from './await-execution.ts';
import { callService } from './call-service.ts';
import { createInvoker } from './invoke-function.ts';
import { createRoleCredentials } from './role-credentials.ts';

/** One call of a task, through the gateway and with the machine's own role. */
export interface TaskCall {
  readonly facts: ExecutionFacts;
  readonly resource: TaskResource;
  readonly phase: TaskPhase;
  readonly signal: AbortSignal;
}

/** @throws {TaskError} with the error's name as `Retry` and `Catch` see it. */
export type PerformTask = (call: TaskCall) => Promise<Json>;

export function createPerformer(options: {
  readonly region: string;
  readonly endpoint: () => string;
  readonly assumeRoleForService: AssumeRoleForService;
  readonly now: () => number;
  readonly setTimer: SetTimer;
}): { readonly perform: PerformTask; close(): void } {
  const { region, endpoint, now, setTimer } = options;
  const credentialsOf = createRoleCredentials(options.assumeRoleForService, now);
  const jsonCall = createJsonCall({ region, endpoint });
  const invoker = createInvoker({ region, endpoint, credentialsOf });
  return {
    async perform({ facts, resource, phase, signal }) {
      if (resource.kind !== 'service') return invoker.invoke(facts, resource, phase.arguments, signal);
      const call = async (target: string, service: string, body: object) =>
        jsonCall({ target, service, body, signal, credentials: await credentialsOf(facts) });
      if (phase.executionArn !== undefined) {
        return awaitExecution({
          call,
          executionArn: phase.executionArn,
          service: resource.service,
          now,
          setTimer,
          signal,
        });
      }
      return callService(call, resource, phase.arguments);
    },
    close: () => invoker.close(),
  };
}
