import type { FunctionProfile } from '@tenantry/core/isolation/profiles';
import { assuming, type FunctionGrant, on, profileRoleArn } from './grants.ts';
import { componentName } from './naming.ts';
import { stageSettings } from './stage.ts';

export interface FunctionOptions {
  /** Beside `STAGE`, `LOG_LEVEL` and the role of each profile. */
  readonly environment?: Readonly<Record<string, $util.Input<string>>>;
  /** What the function's own role may do, beside writing its log. Never tenant data: that is reached by a profile. */
  readonly grants?: readonly FunctionGrant[];
  /** Access profiles whose roles it may assume for one tenant at a time. */
  readonly profiles?: readonly FunctionProfile[];
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

const roleVariable = (profile: FunctionProfile): string => `${profile.toUpperCase().replaceAll('-', '_')}_ROLE_ARN`;

/** Trusted by the Lambda service alone; the component's own default also trusts the whole account. */
const lambdaTrust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

/** The Lambda function behind `packages/functions/src/<path>.ts`, with a role and a log group of its own. */
export function createFunction(path: string, options: FunctionOptions = {}): DeployedFunction {
  const { environment = {}, grants = [], profiles = [], memoryMb = 512, timeoutSeconds = 15 } = options;
  const { logRetentionDays, logLevel } = stageSettings($app.stage);
  const name = componentName(path);

  const log = new aws.cloudwatch.LogGroup(`${name}Log`, {
    name: `/${$app.name}/${$app.stage}/${path}`,
    retentionInDays: logRetentionDays,
  });
  const component = new sst.aws.Function(name, {
    handler: `packages/functions/src/${path}.handler`,
    runtime: 'nodejs24.x',
    architecture: 'arm64',
    memory: `${memoryMb} MB`,
    timeout: `${timeoutSeconds} seconds`,
    nodejs: { format: 'esm', minify: true },
    environment: {
      STAGE: $app.stage,
      LOG_LEVEL: logLevel,
      ...Object.fromEntries(profiles.map((profile) => [roleVariable(profile), profileRoleArn(profile)])),
      ...environment,
    },
    permissions: [
      on(['logs:CreateLogStream', 'logs:PutLogEvents'], $interpolate`${log.arn}:*`),
      ...assuming(profiles),
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
