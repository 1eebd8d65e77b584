import {
  bucketVariable,
  crossingsOf,
  needsOf,
  roleVariable,
  siloPrefixVariable,
  tableVariable,
} from '@tenantry/core/isolation/environment';
import type { FunctionName } from '@tenantry/core/isolation/functions';
import type { FunctionProfile } from '@tenantry/core/isolation/profiles';
import { assuming, crossing, type FunctionGrant, on, profileRoleArn } from './grants.ts';
import { componentName } from './naming.ts';
import { stageSettings } from './stage.ts';
import { bucketsOf, type Storage, tablesOf } from './storage.ts';

export interface FunctionOptions {
  readonly storage: Storage;
  /** Beside `STAGE`, `LOG_LEVEL` and the names of the stores and roles that `functionAccess` gives the function. */
  readonly environment?: Readonly<Record<string, $util.Input<string>>>;
  /** What the function's own role may do beside writing its log and what `functionAccess` says of tenants' rows. */
  readonly grants?: readonly FunctionGrant[];
  /** A name that people can call it by; absent, one ends in letters that nobody knows. */
  readonly name?: string;
  readonly memoryMb?: number;
  readonly timeoutSeconds?: number;
}

export interface DeployedFunction {
  readonly component: sst.aws.Function;
  readonly arn: $util.Output<string>;
  readonly name: $util.Output<string>;
  readonly roleArn: $util.Output<string>;
  readonly profiles: readonly FunctionProfile[];
}

/** Trusted by the Lambda service alone; the component's own default also trusts the whole account. */
const lambdaTrust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

/** The names by which a function finds what it may reach. */
function storeNames(path: FunctionName, storage: Storage): Record<string, $util.Input<string>> {
  const { tables, buckets, siloTables, profiles } = needsOf(path);
  return Object.fromEntries([
    ...tables.map((table) => [tableVariable(table), tablesOf(storage)[table].name]),
    ...buckets.map((bucket) => [bucketVariable(bucket), bucketsOf(storage)[bucket].name]),
    ...(siloTables ? [[siloPrefixVariable, storage.silo.prefix]] : []),
    ...profiles.map((profile) => [roleVariable(profile), profileRoleArn(profile)]),
  ]);
}

/**
 * The Lambda function behind `packages/functions/src/<path>.ts`, with a role and a log group of its own, and access to tenants' data as
 * `functionAccess` says.
 */
export function createFunction(path: FunctionName, options: FunctionOptions): DeployedFunction {
  const { storage, environment = {}, grants = [], memoryMb = 512, timeoutSeconds = 15 } = options;
  const { profiles } = needsOf(path);
  const { logRetentionDays, logLevel } = stageSettings($app.stage);
  const name = componentName(path);

  const log = new aws.cloudwatch.LogGroup(`${name}Log`, {
    name: `/${$app.name}/${$app.stage}/${path}`,
    retentionInDays: logRetentionDays,
  });
  const component = new sst.aws.Function(name, {
    ...(options.name ? { name: options.name } : {}),
    handler: `packages/functions/src/${path}.handler`,
    runtime: 'nodejs24.x',
    architecture: 'arm64',
    memory: `${memoryMb} MB`,
    timeout: `${timeoutSeconds} seconds`,
    nodejs: { format: 'esm', minify: true },
    environment: {
      STAGE: $app.stage,
      LOG_LEVEL: logLevel,
      ...storeNames(path, storage),
      ...environment,
    },
    permissions: [
      on(['logs:CreateLogStream', 'logs:PutLogEvents'], $interpolate`${log.arn}:*`),
      ...assuming(profiles),
      ...crossingsOf(path).map((grant) => crossing(storage, grant)),
      ...grants,
    ].map(({ actions, resources, conditions }) => ({
      actions: [...actions],
      resources: [...resources],
      ...(conditions ? { conditions: conditions.map((item) => ({ ...item, values: [...item.values] })) } : {}),
    })),
    logging: { format: 'json', logGroup: log.name },
    transform: {
      role(args) {
        args.assumeRolePolicy = lambdaTrust;
        // Writing to any log group of the account; the grant above names the function's own.
        args.managedPolicyArns = [];
      },
    },
  });
  return { component, arn: component.arn, name: component.name, roleArn: component.nodes.role.arn, profiles };
}
