import {
  AdminAddUserToGroupCommand,
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  DescribeUserPoolCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  CreatePodIdentityAssociationCommand,
  DescribeClusterCommand,
  ListPodIdentityAssociationsCommand,
} from '@aws-sdk/client-eks';
import {
  CreateEventSourceMappingCommand,
  GetFunctionCommand,
  InvokeCommand,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import {
  ListExecutionsCommand,
  ListStateMachinesCommand,
  StartExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import {
  DecodeAuthorizationMessageCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts';
import { type GraphResource, type ResourceGraph, resourcesOfType } from '@tenantry/local/program/graph';
import type { Caller } from './caller.ts';

/** Calls on a queue: no profile has a grant on any. */
export const queueAttempts: Readonly<
  Record<string, (caller: Caller, queue: { readonly url: string; readonly arn: string }) => Promise<unknown>>
> = {
  ReceiveMessage: ({ sqs }, { url }) => sqs.send(new ReceiveMessageCommand({ QueueUrl: url })),
  SendMessage: ({ sqs }, { url }) => sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: '{}' })),
  SendMessageBatch: ({ sqs }, { url }) =>
    sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [{ Id: 'a', MessageBody: '{}' }] })),
  DeleteMessage: ({ sqs }, { url }) => sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: 'attempt' })),
  ChangeMessageVisibility: ({ sqs }, { url }) =>
    sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: 'attempt', VisibilityTimeout: 0 })),
  PurgeQueue: ({ sqs }, { url }) => sqs.send(new PurgeQueueCommand({ QueueUrl: url })),
  GetQueueAttributes: ({ sqs }, { url }) => sqs.send(new GetQueueAttributesCommand({ QueueUrl: url })),
  SetQueueAttributes: ({ sqs }, { url }) => sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: {} })),
  StartMessageMoveTask: ({ sqs }, { arn }) => sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn })),
};

type ServiceAttempt = (caller: Caller) => Promise<unknown>;

const iam = (action: string, parameters: Readonly<Record<string, string>> = {}): ServiceAttempt => {
  const body = new URLSearchParams({ Action: action, Version: '2010-05-08', ...parameters }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return (caller) => caller.raw({ service: 'iam', headers, body });
};

function first(graph: ResourceGraph, type: string): GraphResource {
  const [found] = resourcesOfType(graph, type);
  if (!found) throw new Error(`The program declares no ${type}.`);
  return found;
}

/** Calls of other services by which credentials for data might become more than that: never allowed. */
export function serviceAttempts(graph: ResourceGraph, namespace: string): Readonly<Record<string, ServiceAttempt>> {
  const [fn] = graph.functions;
  if (!fn) throw new Error('The program declares no function.');
  const pool = { UserPoolId: first(graph, 'aws:cognito/userPool:UserPool').id };
  const machine = first(graph, 'aws:sfn/stateMachine:StateMachine').arn;
  const cluster = first(graph, 'aws:eks/cluster:Cluster').id;
  const table = first(graph, 'aws:dynamodb/table:Table');
  const user = { ...pool, Username: 'somebody@example.com' };
  const role = { RoleName: fn.roleName };
  const everything = JSON.stringify({ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } });
  return {
    'dynamodb ListTables': ({ dynamodb }) => dynamodb.send(new ListTablesCommand()),
    'sqs ListQueues': ({ sqs }) => sqs.send(new ListQueuesCommand()),
    'sts GetFederationToken': ({ sts }) =>
      sts.send(new GetFederationTokenCommand({ Name: 'attempt', Policy: everything })),
    'sts GetSessionToken': ({ sts }) => sts.send(new GetSessionTokenCommand()),
    'sts DecodeAuthorizationMessage': ({ sts }) =>
      sts.send(new DecodeAuthorizationMessageCommand({ EncodedMessage: 'attempt' })),
    'iam CreateUser': iam('CreateUser', { UserName: 'attempt' }),
    'iam CreateAccessKey': iam('CreateAccessKey'),
    'iam ListRoles': iam('ListRoles'),
    'iam GetRolePolicy': iam('GetRolePolicy', { ...role, PolicyName: 'inline' }),
    'iam PutRolePolicy': iam('PutRolePolicy', { ...role, PolicyName: 'more', PolicyDocument: everything }),
    'iam AttachRolePolicy': iam('AttachRolePolicy', {
      ...role,
      PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
    }),
    'iam UpdateAssumeRolePolicy': iam('UpdateAssumeRolePolicy', { ...role, PolicyDocument: everything }),
    'iam TagRole': iam('TagRole', { ...role, 'Tags.member.1.Key': 'TenantId', 'Tags.member.1.Value': 'x' }),
    'lambda ListFunctions': ({ lambda }) => lambda.send(new ListFunctionsCommand()),
    'lambda GetFunction': ({ lambda }) => lambda.send(new GetFunctionCommand({ FunctionName: fn.name })),
    'lambda Invoke': ({ lambda }) => lambda.send(new InvokeCommand({ FunctionName: fn.name, Payload: '{}' })),
    'lambda Invoke later': ({ lambda }) =>
      lambda.send(new InvokeCommand({ FunctionName: fn.name, Payload: '{}', InvocationType: 'Event' })),
    'lambda ListEventSourceMappings': ({ lambda }) => lambda.send(new ListEventSourceMappingsCommand()),
    'lambda CreateEventSourceMapping': ({ lambda }) =>
      lambda.send(
        new CreateEventSourceMappingCommand({
          FunctionName: fn.name,
          EventSourceArn: `${table.arn}/stream/2026-01-01T00:00:00.000`,
          StartingPosition: 'TRIM_HORIZON',
        }),
      ),
    'states ListStateMachines': ({ states }) => states.send(new ListStateMachinesCommand()),
    'states StartExecution': ({ states }) =>
      states.send(new StartExecutionCommand({ stateMachineArn: machine, input: '{}' })),
    'states ListExecutions': ({ states }) => states.send(new ListExecutionsCommand({ stateMachineArn: machine })),
    'states UpdateStateMachine': ({ states }) =>
      states.send(new UpdateStateMachineCommand({ stateMachineArn: machine, roleArn: fn.roleArn })),
    'cognito DescribeUserPool': ({ cognito }) => cognito.send(new DescribeUserPoolCommand(pool)),
    'cognito ListUsers': ({ cognito }) => cognito.send(new ListUsersCommand(pool)),
    'cognito AdminGetUser': ({ cognito }) => cognito.send(new AdminGetUserCommand(user)),
    'cognito AdminAddUserToGroup': ({ cognito }) =>
      cognito.send(new AdminAddUserToGroupCommand({ ...user, GroupName: 'operators' })),
    'cognito AdminUpdateUserAttributes': ({ cognito }) =>
      cognito.send(
        new AdminUpdateUserAttributesCommand({ ...user, UserAttributes: [{ Name: 'email', Value: 'a@example.com' }] }),
      ),
    'eks DescribeCluster': ({ eks }) => eks.send(new DescribeClusterCommand({ name: cluster })),
    'eks ListPodIdentityAssociations': ({ eks }) =>
      eks.send(new ListPodIdentityAssociationsCommand({ clusterName: cluster })),
    'eks CreatePodIdentityAssociation': ({ eks }) =>
      eks.send(
        new CreatePodIdentityAssociationCommand({
          clusterName: cluster,
          namespace,
          serviceAccount: 'attempt',
          roleArn: fn.roleArn,
        }),
      ),
    'ses SendEmail': (caller) =>
      caller.raw({
        service: 'ses',
        path: '/v2/email/outbound-emails',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          FromEmailAddress: 'a@example.com',
          Destination: { ToAddresses: ['b@example.com'] },
          Content: { Simple: { Subject: { Data: 'a' }, Body: { Text: { Data: 'b' } } } },
        }),
      }),
  };
}
