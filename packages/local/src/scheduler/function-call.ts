import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { AssumeRoleForService } from '../aws/engine.ts';
import type { ScheduleSpec } from './schedule.ts';

export interface FunctionCall {
  /** Hands an event to a schedule's function, which runs on its own. @throws when it was not taken. */
  call(schedule: ScheduleSpec, event: unknown): Promise<void>;
  close(): void;
}

/** Calls through the gateway with the role of each schedule, or, for rules, by `invoke`. */
export function createFunctionCall(options: {
  readonly region: string;
  readonly endpoint: () => string;
  readonly assumeRoleForService: AssumeRoleForService;
  readonly invoke: (functionArn: string, payload: unknown) => Promise<unknown>;
}): FunctionCall {
  const { region, endpoint, assumeRoleForService, invoke } = options;
  const clients = new Map<string, LambdaClient>();
  const clientOf = (roleArn: string, sessionName: string): LambdaClient => {
    const key = `${endpoint()} ${roleArn} ${sessionName}`;
    const existing = clients.get(key);
    if (existing !== undefined) return existing;
    const client = new LambdaClient({
      region,
      endpoint: endpoint(),
      maxAttempts: 1,
      // The SDK asks again shortly before they expire.
      credentials: async () => ({
        ...(await assumeRoleForService({ roleArn, servicePrincipal: 'scheduler.amazonaws.com', sessionName })),
      }),
    });
    clients.set(key, client);
    return client;
  };
  return {
    async call({ kind, name, functionArn, roleArn }, event) {
      if (kind === 'rule') {
        await invoke(functionArn, event);
        return;
      }
      if (roleArn === undefined) throw new Error(`The schedule ${name} has no role`);
      const sessionName = name.replace(/[^\w+=,.@-]/g, '-').slice(0, 64);
      const command = new InvokeCommand({
        FunctionName: functionArn,
        InvocationType: 'Event',
        Payload: Buffer.from(JSON.stringify(event)),
      });
      await clientOf(roleArn, sessionName).send(command);
    },
    close() {
      for (const client of clients.values()) client.destroy();
    },
  };
}
