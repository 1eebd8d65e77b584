import type { LogLine } from '../../logs/log-line.ts';
import type { IndexModel } from '../index-model.ts';
import { matchesLogQuery } from '../views/logs.ts';

const START = Date.UTC(2026, 0, 5, 9, 30);
const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:Onboarding';
const arn = 'arn:aws:states:us-east-1:000000000000:execution:Onboarding:ten_01kdz0';
const role = 'arn:aws:sts::000000000000:assumed-role/collector-role/collector';
const task = { type: 'Task', iterations: [] };
const hostile = '<img src=x onerror=alert(1)>"\'&';

/** A model with something of everything in it, hostile text included. */
export function createSampleModel(): IndexModel & { emit(line: LogLine): void; readonly ran: string[] } {
  const listeners = new Set<(line: LogLine) => void>();
  const ran: string[] = [];
  const lines: LogLine[] = [
    {
      id: 1,
      time: START,
      function: 'tenants',
      requestId: 'b1d2c3d4-0000-4000-8000-000000000001',
      level: 'INFO',
      text: 'plain line',
    },
    {
      id: 2,
      time: START + 12,
      function: 'collector',
      requestId: 'b1d2c3d4-0000-4000-8000-000000000002',
      tenantId: 'ten_01kdz0',
      level: 'WARN',
      text: JSON.stringify({ level: 'warn', message: 'events.accepted', tenantId: 'ten_01kdz0', count: 25, ms: 12.4 }),
    },
    {
      id: 3,
      time: START + 40,
      function: 'collector',
      requestId: 'b1d2c3d4-0000-4000-8000-000000000002',
      level: 'ERROR',
      text: hostile,
    },
  ];
  const execution = {
    arn,
    name: 'ten_01kdz0-1',
    machineArn,
    status: 'SUCCEEDED' as const,
    startedAt: START,
    stoppedAt: START + 9400,
  };
  return {
    ran,
    emit(line) {
      for (const listener of listeners) listener(line);
    },
    links: async () => [
      { title: 'Console', url: 'http://localhost:4400/', note: 'The site, with sign-up' },
      { title: 'Hosted login', url: 'http://localhost:4402/login', note: 'Cognito' },
      { title: 'Inbox', url: 'http://localhost:4404/', note: 'Every mail that was sent' },
      { title: 'Payments', url: 'http://localhost:4405/', note: 'Customers, subscriptions, webhooks' },
      { title: 'AWS endpoint', url: 'http://127.0.0.1:4401', note: 'For the CLI and SDKs' },
    ],
    tables: async () => [
      { name: 'Control', itemCount: 42 },
      { name: 'Events', itemCount: 18342 },
    ],
    items: async (table) =>
      table === 'Control'
        ? [{ pk: 'TENANT#ten_01kdz0', sk: 'TENANT', name: hostile, tier: 'premium', nested: { a: [1, 2] } }]
        : undefined,
    executions: async () => [
      { ...execution, arn: `${arn}-2`, name: 'ten_01kdz9-1', status: 'RUNNING', stoppedAt: undefined },
      execution,
      { ...execution, arn: `${arn}-3`, name: 'ten_01kdz3-1', status: 'FAILED' },
    ],
    execution: async (asked) =>
      asked === arn
        ? {
            ...execution,
            input: '{"tenantId":"ten_01kdz0","tier":"premium"}',
            output: '{"status":"active"}',
            timeline: [
              {
                ...task,
                state: 'ReserveCapacity',
                startedAt: START,
                endedAt: START + 800,
                outcome: 'succeeded',
                attempts: 1,
              },
              {
                ...task,
                state: 'ApplyManifests',
                startedAt: START + 800,
                endedAt: START + 3900,
                outcome: 'caught',
                attempts: 3,
              },
              {
                ...task,
                state: 'WaitForRollout',
                startedAt: START + 3900,
                endedAt: START + 9100,
                outcome: 'succeeded',
                attempts: 1,
              },
              {
                ...task,
                state: 'Activate',
                startedAt: START + 9100,
                endedAt: START + 9400,
                outcome: 'succeeded',
                attempts: 1,
              },
            ],
          }
        : undefined,
    functions: async () => [
      {
        name: 'collector',
        roleArn: 'arn:aws:iam::000000000000:role/collector-role',
        memoryMb: 256,
        timeoutSeconds: 10,
        invocations: [
          { requestId: 'b1d2c3d4-0000-4000-8000-000000000002', startedAt: START, durationMs: 12.4, initMs: 88 },
          {
            requestId: 'b1d2c3d4-0000-4000-8000-000000000003',
            startedAt: START - 900,
            durationMs: 10_000,
            error: 'Sandbox.Timedout: Task timed out after 10.00 seconds',
          },
        ],
      },
      {
        name: 'tenants',
        roleArn: 'arn:aws:iam::000000000000:role/tenants-role',
        memoryMb: 256,
        timeoutSeconds: 10,
        invocations: [],
      },
    ],
    logs: async (query) => lines.filter((line) => matchesLogQuery(line, query)),
    tailLogs(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    schedules: async () => [
      {
        name: 'UsageRollup',
        expression: 'rate(5 minutes)',
        target: 'arn:aws:lambda:us-east-1:000000000000:function:usage-rollup',
        enabled: true,
        nextRunAt: START + 300_000,
        lastRunAt: START,
      },
      {
        name: 'Training',
        expression: 'cron(0 3 * * ? *)',
        target: 'arn:aws:states:us-east-1:000000000000:stateMachine:Training',
        enabled: false,
      },
    ],
    async runSchedule(name) {
      if (name === 'Training') throw new Error('The state machine is busy.');
      ran.push(name);
    },
    calls: async ({ denied }) => {
      const requires = [{ action: 'dynamodb:Query', resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/Events' }];
      const call = {
        time: START,
        requestId: 'r1',
        caller: role,
        service: 'dynamodb',
        operation: 'Query',
        requires,
        durationMs: 0.7,
      };
      const refused = { ...call, allowed: false, reason: 'no identity-based policy allows the dynamodb:Query action' };
      return denied ? [refused] : [refused, { ...call, allowed: true }];
    },
    kubernetes: async () => [
      {
        name: '01kdz0',
        tenantId: 'ten_01kdz0',
        pods: [{ name: 'recommender-7c9d-x1', phase: 'Running', ready: true, restarts: 0, startedAt: START }],
      },
    ],
  };
}
