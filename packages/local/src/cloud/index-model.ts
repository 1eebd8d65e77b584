import type { DynamoDbEngine } from '../dynamodb/engine.ts';
import type { Kubernetes } from '../kubernetes/kubernetes.ts';
import type { LambdaEngine } from '../lambda/engine.ts';
import type { LogStore } from '../logs/log-store.ts';
import type { IndexModel } from '../pages/index-model.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { StepFunctionsEngine } from '../stepfunctions/engine.ts';
import type { CallLog } from './call-log.ts';
import type { LocalCloudUrls } from './local-cloud.ts';

const linksOf = (urls: LocalCloudUrls) => [
  { title: 'Console', url: urls.site, note: 'The web site: landing, sign-up, console' },
  { title: 'API documentation', url: `${urls.site}/docs`, note: 'Every route of the contract' },
  { title: 'Hosted login', url: `${urls.login}/login`, note: 'Sign-up and sign-in' },
  { title: 'Inbox', url: urls.inbox, note: 'Every mail that was sent, with its codes' },
  { title: 'Identity provider', url: urls.identity, note: 'Single sign-on to try, and the local DNS records' },
  ...(urls.stripe ? [{ title: 'Stripe', url: urls.stripe, note: 'Customers, subscriptions and webhooks' }] : []),
  { title: 'AWS endpoint', url: `${urls.aws}/_local/health`, note: 'For SDKs and tools: AWS_ENDPOINT_URL' },
  ...(urls.kubernetes ? [{ title: 'Kubernetes', url: urls.kubernetes, note: 'The API of the silo cluster' }] : []),
];

/** Fills the index page from the engines. */
export function indexModel(source: {
  readonly urls: LocalCloudUrls;
  readonly dynamodb: DynamoDbEngine;
  readonly stepfunctions: StepFunctionsEngine;
  readonly lambda: LambdaEngine;
  readonly logs: LogStore;
  readonly scheduler: Scheduler;
  readonly calls: CallLog;
  readonly kubernetes: Kubernetes | undefined;
}): IndexModel {
  const { urls, dynamodb, stepfunctions, lambda, logs, scheduler, calls, kubernetes } = source;
  return {
    links: async () => linksOf(urls),
    tables: async () => (await dynamodb.tables()).map(({ name, itemCount }) => ({ name, itemCount })),
    items: async (table, limit) => {
      const known = (await dynamodb.tables()).some(({ name }) => name === table);
      return known ? dynamodb.items(table, limit) : undefined;
    },
    executions: async (limit) => stepfunctions.executions(limit),
    execution: async (arn) => stepfunctions.execution(arn),
    functions: async () =>
      lambda.functions().map(({ name, roleArn, memoryMb, timeoutSeconds }) => ({
        name,
        roleArn,
        memoryMb,
        timeoutSeconds,
        invocations: lambda.recentInvocations(name),
      })),
    logs: async (query) => logs.search(query),
    tailLogs: (listener) => logs.tail(listener),
    schedules: async () =>
      scheduler.list().map(({ name, expression, functionArn, enabled, nextRunAt, lastRun }) => ({
        name,
        expression,
        target: functionArn,
        enabled,
        nextRunAt,
        lastRunAt: lastRun?.startedAt,
        lastError: lastRun?.error,
      })),
    runSchedule: (name) => scheduler.runNow(name),
    calls: async (filter) =>
      calls.list(filter).map(({ callerArn, requirements, denial, ...call }) => ({
        time: call.time,
        requestId: call.requestId,
        caller: callerArn ?? 'unknown',
        service: call.service,
        operation: call.operation,
        allowed: call.allowed,
        requires: requirements.map(({ action, resource }) => ({ action, resource })),
        reason: denial,
        durationMs: call.durationMs,
      })),
    ...(kubernetes
      ? {
          kubernetes: async () => {
            const byNamespace = Map.groupBy(kubernetes.pods(), ({ namespace }) => namespace);
            return [...byNamespace].map(([name, pods]) => ({
              name,
              tenantId: `ten_${name}`,
              pods: pods.map((pod) => ({
                name: pod.name,
                phase: pod.ready ? 'Running' : 'Pending',
                ready: pod.ready,
                restarts: pod.restartCount,
              })),
            }));
          },
        }
      : {}),
  };
}
