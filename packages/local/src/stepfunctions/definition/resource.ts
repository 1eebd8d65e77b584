/** What a task's `Resource` names, and how its service is called. */

/** How a task ends: with the answer, with a callback by token, or with the end of the execution that it started. */
export type Pattern = 'request' | 'token' | 'sync';

export interface JsonService {
  /** The SigV4 signing name. */
  readonly signingName: string;
  /** The prefix of `X-Amz-Target`. */
  readonly target: string;
  /** In front of the names of errors that the service models: `DynamoDB.ConditionalCheckFailedException`. */
  readonly errorPrefix: string;
  /** The error's name for everything else, such as a denied call. */
  readonly otherError: string;
  /** How members are written on the wire; definitions always write them with a capital. */
  readonly members: 'capital' | 'camel';
  readonly actions: readonly string[];
  /** Members that may be given as JSON and are sent as its text. */
  readonly jsonMembers: readonly string[];
  readonly patterns: readonly Pattern[];
}

const dynamodb = {
  signingName: 'dynamodb',
  target: 'DynamoDB_20120810',
  members: 'capital',
  jsonMembers: [],
  patterns: ['request'],
} as const;
const sqs = { signingName: 'sqs', target: 'AmazonSQS', members: 'capital', actions: ['sendMessage'] } as const;
const events = { signingName: 'events', target: 'AWSEvents', members: 'capital', actions: ['putEvents'] } as const;
const states = { signingName: 'states', target: 'AWSStepFunctions', members: 'camel' } as const;
const items = ['getItem', 'putItem', 'updateItem', 'deleteItem'];

/** Integrations made for Step Functions: `arn:aws:states:::<service>:<action>`. */
const optimised: Readonly<Record<string, JsonService>> = {
  dynamodb: { ...dynamodb, actions: items, errorPrefix: 'DynamoDB', otherError: 'DynamoDB.AmazonDynamoDBException' },
  sqs: {
    ...sqs,
    errorPrefix: 'SQS',
    otherError: 'SQS.AmazonSQSException',
    jsonMembers: ['MessageBody'],
    patterns: ['request', 'token'],
  },
  events: {
    ...events,
    errorPrefix: 'EventBridge',
    otherError: 'EventBridge.AmazonEventBridgeException',
    jsonMembers: ['Detail'],
    patterns: ['request', 'token'],
  },
  states: {
    ...states,
    actions: ['startExecution'],
    errorPrefix: 'StepFunctions',
    otherError: 'StepFunctions.AWSStepFunctionsException',
    jsonMembers: ['Input'],
    patterns: ['request', 'token', 'sync'],
  },
};

/** Plain calls: `arn:aws:states:::aws-sdk:<service>:<action>`. */
const plain: Readonly<Record<string, JsonService>> = {
  dynamodb: {
    ...dynamodb,
    actions: [...items, 'query', 'batchGetItem', 'batchWriteItem', 'transactWriteItems'],
    errorPrefix: 'DynamoDb',
    otherError: 'DynamoDb.DynamoDbException',
  },
  sqs: { ...sqs, errorPrefix: 'Sqs', otherError: 'Sqs.SqsException', jsonMembers: [], patterns: ['request', 'token'] },
  eventbridge: {
    ...events,
    errorPrefix: 'EventBridge',
    otherError: 'EventBridge.EventBridgeException',
    jsonMembers: [],
    patterns: ['request', 'token'],
  },
  sfn: {
    ...states,
    actions: ['startExecution', 'describeExecution', 'stopExecution'],
    errorPrefix: 'Sfn',
    otherError: 'Sfn.SfnException',
    jsonMembers: [],
    patterns: ['request', 'token'],
  },
};

export type TaskResource =
  | { readonly kind: 'function'; readonly functionArn: string; readonly pattern: 'request' }
  | { readonly kind: 'invoke'; readonly pattern: 'request' | 'token' }
  | {
      readonly kind: 'service';
      readonly service: JsonService;
      readonly action: string;
      readonly pattern: Pattern;
      /** As the history shows them: `dynamodb` or `aws-sdk:dynamodb`, and `putItem`. */
      readonly resourceType: string;
      readonly resource: string;
    };

const FUNCTION_PATTERN = /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(?::[\w$-]+)?$/;
const INTEGRATION_PATTERN = /^arn:aws:states:[a-z0-9-]*:\d*:(aws-sdk:)?([a-z0-9]+):(\w+)(\.[\w:]+)?$/;
const patternOf: Readonly<Record<string, Pattern>> = {
  '': 'request',
  '.waitForTaskToken': 'token',
  '.sync:2': 'sync',
};

/** @returns undefined for a resource that cannot be called here. */
export function parseResource(resource: string): TaskResource | undefined {
  if (FUNCTION_PATTERN.test(resource)) return { kind: 'function', functionArn: resource, pattern: 'request' };
  const [, sdk, name = '', action = '', suffix = ''] = INTEGRATION_PATTERN.exec(resource) ?? [];
  const pattern = Object.hasOwn(patternOf, suffix) ? patternOf[suffix] : undefined;
  if (pattern === undefined) return undefined;
  if (!sdk && name === 'lambda' && action === 'invoke') {
    return pattern === 'sync' ? undefined : { kind: 'invoke', pattern };
  }
  const table = sdk ? plain : optimised;
  const service = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!service?.actions.includes(action) || !service.patterns.includes(pattern)) return undefined;
  return {
    kind: 'service',
    service,
    action,
    pattern,
    resourceType: `${sdk ?? ''}${name}`,
    resource: `${action}${suffix}`,
  };
}
