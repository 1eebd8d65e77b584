import type { RouteSpec } from '../apigateway/route.ts';
import type { PoolSpec } from '../cognito/pool-spec.ts';
import type { TableSpec } from '../dynamodb/table-spec.ts';
import type { ClusterSpec } from '../eks/cluster.ts';
import type { CreateMapping } from '../lambda/event-source/mapping.ts';
import type { FunctionSpec } from '../lambda/function-spec.ts';
import type { BundledFunction } from '../program/bundle.ts';
import { type GraphResource, type ResourceGraph, resourcesOfType } from '../program/graph.ts';
import type { ScheduleSpec } from '../scheduler/schedule.ts';
import type { QueueSettings } from '../sqs/queue.ts';
import type { MachineSpec } from '../stepfunctions/engine.ts';
import {
  clientShape,
  clusterShape,
  machineShape,
  mappingShape,
  poolShape,
  queueShape,
  scheduleShape,
  tableShape,
} from './shapes.ts';

/** Reads a resource's inputs by a schema, so that a property which the engines would ignore silently is an error instead. */
function read<T>(resource: GraphResource, schema: { parse(value: unknown): T }): T {
  try {
    return schema.parse(resource.inputs);
  } catch (cause) {
    throw new Error(`The local cloud cannot make ${resource.type} ${resource.name}: ${String(cause)}`, { cause });
  }
}

const all = <T>(graph: ResourceGraph, type: string, make: (resource: GraphResource) => T): readonly T[] =>
  resourcesOfType(graph, type).map(make);

export const tableSpecs = (graph: ResourceGraph): readonly TableSpec[] =>
  all(graph, 'aws:dynamodb/table:Table', (resource) => {
    const table = read(resource, tableShape);
    const streamArn = resource.state.streamArn;
    return {
      tableName: table.name,
      attributes: Object.fromEntries(table.attributes.map(({ name, type }) => [name, type])),
      keySchema: { hash: table.hashKey, ...(table.rangeKey ? { range: table.rangeKey } : {}) },
      gsis: table.globalSecondaryIndexes.map((index) => ({
        indexName: index.name,
        keySchema: { hash: index.hashKey, ...(index.rangeKey ? { range: index.rangeKey } : {}) },
        projection: index.projectionType,
      })),
      ...(table.streamEnabled && table.streamViewType ? { streamViewType: table.streamViewType } : {}),
      ...(typeof streamArn === 'string' ? { streamLabel: streamArn.slice(streamArn.lastIndexOf('/') + 1) } : {}),
      ...(table.ttl?.enabled ? { ttlAttribute: table.ttl.attributeName } : {}),
      pitr: table.pointInTimeRecovery.enabled,
      deletionProtection: table.deletionProtectionEnabled,
    };
  });

export const bucketNames = (graph: ResourceGraph): readonly string[] =>
  all(graph, 'aws:s3/bucket:Bucket', ({ id }) => id);

export const queueSpecs = (graph: ResourceGraph): readonly QueueSettings[] =>
  all(graph, 'aws:sqs/queue:Queue', (resource) => {
    const queue = read(resource, queueShape);
    return {
      name: queue.name,
      url: resource.id,
      arn: resource.arn ?? '',
      visibilityTimeout: queue.visibilityTimeoutSeconds,
      fifo: queue.fifoQueue ? { contentBasedDeduplication: queue.contentBasedDeduplication } : false,
      delay: queue.delaySeconds,
      retention: queue.messageRetentionSeconds,
      redrive: queue.redrivePolicy,
    };
  });

const minutes = (value: number, unit: string): number =>
  value * ({ seconds: 1 / 60, minutes: 1, hours: 60, days: 1440 }[unit] ?? 60);

export const poolSpecs = (graph: ResourceGraph): readonly PoolSpec[] =>
  all(graph, 'aws:cognito/userPool:UserPool', (resource) => {
    const pool = read(resource, poolShape);
    const ofPool = (type: string) =>
      resourcesOfType(graph, type).filter(({ inputs }) => inputs.userPoolId === resource.id);
    const trigger = pool.lambdaConfig?.preTokenGenerationConfig;
    const { verificationMessageTemplate: code, adminCreateUserConfig } = pool;
    const invitation = adminCreateUserConfig?.inviteMessageTemplate;
    return {
      id: resource.id,
      arn: resource.arn ?? '',
      name: pool.name,
      passwordPolicy: pool.passwordPolicy,
      mfa: pool.mfaConfiguration,
      groups: ofPool('aws:cognito/userGroup:UserGroup').map(({ id, inputs }) => ({
        name: id,
        ...(typeof inputs.description === 'string' ? { description: inputs.description } : {}),
      })),
      clients: ofPool('aws:cognito/userPoolClient:UserPoolClient').map((client) => {
        const shape = read(client, clientShape);
        const units = shape.tokenValidityUnits;
        return {
          id: client.id,
          name: shape.name,
          callbackUrls: shape.callbackUrls,
          logoutUrls: shape.logoutUrls,
          scopes: shape.allowedOauthScopes,
          authFlows: shape.explicitAuthFlows,
          accessTokenMinutes: minutes(shape.accessTokenValidity, units.accessToken),
          idTokenMinutes: minutes(shape.idTokenValidity, units.idToken),
          refreshTokenDays: minutes(shape.refreshTokenValidity, units.refreshToken) / 1440,
          writeAttributes: shape.writeAttributes,
          preventUserExistenceErrors: shape.preventUserExistenceErrors === 'ENABLED',
        };
      }),
      domainPrefix: String(ofPool('aws:cognito/userPoolDomain:UserPoolDomain')[0]?.inputs.domain ?? ''),
      adminCreateUserOnly: adminCreateUserConfig?.allowAdminCreateUserOnly ?? false,
      mails: { ...(code ? { code } : {}), ...(invitation ? { invitation } : {}) },
      tags: pool.tags,
      ...(pool.lambdaConfig?.preSignUp ? { preSignUpTriggerArn: pool.lambdaConfig.preSignUp } : {}),
      ...(pool.lambdaConfig?.preAuthentication
        ? { preAuthenticationTriggerArn: pool.lambdaConfig.preAuthentication }
        : {}),
      ...(trigger ? { preTokenTriggerArn: trigger.lambdaArn, preTokenVersion: trigger.lambdaVersion } : {}),
    };
  });

/** Addresses and domains that may send mail; the local cloud takes them for verified. */
export const mailIdentities = (graph: ResourceGraph): readonly string[] =>
  resourcesOfType(graph, 'aws:sesv2/emailIdentity:EmailIdentity').map(({ id }) => id);

export const machineSpecs = (graph: ResourceGraph): readonly MachineSpec[] =>
  all(graph, 'aws:sfn/stateMachine:StateMachine', (resource) => {
    const { name, definition, roleArn } = read(resource, machineShape);
    return { name, arn: resource.arn ?? '', definition, roleArn };
  });

export const mappingSpecs = (graph: ResourceGraph): readonly CreateMapping[] =>
  all(graph, 'aws:lambda/eventSourceMapping:EventSourceMapping', (resource) => {
    const mapping = read(resource, mappingShape);
    const optional = {
      StartingPosition: mapping.startingPosition,
      BatchSize: mapping.batchSize,
      MaximumBatchingWindowInSeconds: mapping.maximumBatchingWindowInSeconds,
      FunctionResponseTypes: mapping.functionResponseTypes,
      BisectBatchOnFunctionError: mapping.bisectBatchOnFunctionError,
      MaximumRetryAttempts: mapping.maximumRetryAttempts,
      ParallelizationFactor: mapping.parallelizationFactor,
      DestinationConfig: mapping.destinationConfig && {
        OnFailure: { Destination: mapping.destinationConfig.onFailure.destinationArn },
      },
    };
    return {
      FunctionName: mapping.functionName,
      EventSourceArn: mapping.eventSourceArn,
      ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    };
  });

export const scheduleSpecs = (graph: ResourceGraph): readonly ScheduleSpec[] =>
  all(graph, 'aws:scheduler/schedule:Schedule', (resource) => {
    const { name, scheduleExpression, scheduleExpressionTimezone, state, target } = read(resource, scheduleShape);
    return {
      name,
      arn: resource.arn ?? '',
      kind: 'schedule',
      expression: scheduleExpression,
      ...(scheduleExpressionTimezone ? { timezone: scheduleExpressionTimezone } : {}),
      enabled: state === 'ENABLED',
      functionArn: target.arn,
      roleArn: target.roleArn,
      ...(target.input ? { input: target.input } : {}),
    };
  });

export const clusterSpecs = (graph: ResourceGraph): readonly ClusterSpec[] =>
  all(graph, 'aws:eks/cluster:Cluster', (resource) => {
    const { name, roleArn, version } = read(resource, clusterShape);
    return {
      name,
      roleArn,
      version,
      accessEntries: resourcesOfType(graph, 'aws:eks/accessEntry:AccessEntry')
        .filter(({ inputs }) => inputs.clusterName === name)
        .map(({ inputs }) => ({
          principalArn: String(inputs.principalArn),
          kubernetesGroups: (inputs.kubernetesGroups ?? []) as readonly string[],
        })),
    };
  });

/** The function behind an authorizer's invocation address. */
const functionOfUri = (uri: string): string => uri.replace(/^.*\/functions\//, '').replace(/\/invocations$/, '');

interface RouteSetting {
  readonly routeKey: string;
  readonly throttlingRateLimit: number;
  readonly throttlingBurstLimit: number;
}

export function routeSpecs(graph: ResourceGraph): readonly RouteSpec[] {
  const byId = (type: string) => new Map(resourcesOfType(graph, type).map((resource) => [resource.id, resource]));
  const integrations = byId('aws:apigatewayv2/integration:Integration');
  const authorizers = byId('aws:apigatewayv2/authorizer:Authorizer');

  const authorizerOf = (route: GraphResource): RouteSpec['authorizer'] => {
    if (route.inputs.authorizationType === 'NONE') return { type: 'none' };
    const inputs = authorizers.get(String(route.inputs.authorizerId))?.inputs;
    if (inputs?.authorizerType === 'REQUEST') {
      return {
        type: 'lambda',
        functionArn: functionOfUri(String(inputs.authorizerUri)),
        ttlSeconds: Number(inputs.authorizerResultTtlInSeconds ?? 0),
        identitySources: (inputs.identitySources ?? []) as readonly string[],
      };
    }
    throw new Error(`The route ${route.name} has an authorizer that the local cloud does not know.`);
  };

  const throttles = new Map(
    resourcesOfType(graph, 'aws:apigatewayv2/stage:Stage')
      .flatMap(({ inputs }) => (inputs.routeSettings ?? []) as readonly RouteSetting[])
      .map(
        ({ routeKey, throttlingRateLimit: rate, throttlingBurstLimit: burst }) => [routeKey, { rate, burst }] as const,
      ),
  );

  return all(graph, 'aws:apigatewayv2/route:Route', (route) => {
    const routeKey = String(route.inputs.routeKey);
    const [method = '', path = ''] = routeKey === '$default' ? ['ANY', routeKey] : routeKey.split(' ');
    const integration = integrations.get(String(route.inputs.target).replace('integrations/', ''));
    const throttle = throttles.get(routeKey);
    return {
      method,
      path,
      functionArn: String(integration?.inputs.integrationUri),
      authorizer: authorizerOf(route),
      ...(throttle ? { throttle } : {}),
    };
  });
}

/** @param environment added to what the program gives, by function; for what stands elsewhere on this machine */
export function functionSpecs(
  graph: ResourceGraph,
  bundles: readonly BundledFunction[],
  environment: (own: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
): readonly FunctionSpec[] {
  const byName = new Map(bundles.map((bundle) => [bundle.name, bundle]));
  return graph.functions.map((fn) => {
    const bundle = byName.get(fn.name);
    if (!bundle) throw new Error(`The function ${fn.handler} has no bundle.`);
    return {
      name: fn.name,
      arn: fn.arn,
      bundlePath: bundle.file,
      handler: bundle.exportName,
      roleArn: fn.roleArn,
      environment: { ...fn.environment, ...environment(fn.environment) },
      memoryMb: fn.memoryMb,
      timeoutSeconds: fn.timeoutSeconds,
    };
  });
}
