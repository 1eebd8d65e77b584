import { on, trustOnBehalf } from './grants.ts';
import { logDeliveryActions } from './log-delivery.ts';
import { resourceName } from './naming.ts';
import { stageSettings } from './stage.ts';

interface StateMachineOptions {
  /** `onboarding`; its physical name is `<app>-<stage>-onboarding`. */
  readonly name: string;
  readonly definition: $util.Output<object>;
  /** The only functions that it may call. */
  readonly tasks: readonly $util.Input<string>[];
}

export function createStateMachine(logicalName: string, options: StateMachineOptions): aws.sfn.StateMachine {
  const { name, definition, tasks } = options;
  const { logRetentionDays } = stageSettings($app.stage);
  const log = new aws.cloudwatch.LogGroup(`${logicalName}Log`, {
    name: `/aws/vendedlogs/states/${resourceName(name)}`,
    retentionInDays: logRetentionDays,
  });
  const statement = ({ actions, resources }: ReturnType<typeof on>) => ({
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
  });
  const role = new aws.iam.Role(`${logicalName}Role`, {
    name: resourceName(`${name}-states`),
    assumeRolePolicy: trustOnBehalf('states.amazonaws.com'),
    inlinePolicies: [
      {
        name: 'tasks',
        policy: $jsonStringify({
          Version: '2012-10-17',
          Statement: [statement(on(['lambda:InvokeFunction'], ...tasks)), statement(on(logDeliveryActions, '*'))],
        }),
      },
    ],
  });
  return new aws.sfn.StateMachine(logicalName, {
    name: resourceName(name),
    type: 'STANDARD',
    roleArn: role.arn,
    definition: definition.apply((object) => JSON.stringify(object)),
    // The log names states and errors; inputs and outputs stay out of it.
    loggingConfiguration: { level: 'ERROR', includeExecutionData: false, logDestination: $interpolate`${log.arn}:*` },
  });
}
