import { InvokeCommand, type InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda';
import type { TaskResource } from '../definition/resource.ts';
import type { ExecutionFacts } from '../execution/journal.ts';
import { isObject, type Json, type JsonObject, parseJson } from '../json.ts';
import type { MachineCredentials } from './role-credentials.ts';
import { TaskError } from './task-error.ts';

type FunctionResource = Exclude<TaskResource, { readonly kind: 'service' }>;

/** The errors of Lambda's that keep their own name; the rest, such as a denied call, is one kind. */
const modelled: Readonly<Record<string, string>> = {
  ServiceException: 'Lambda.ServiceException',
  TooManyRequestsException: 'Lambda.TooManyRequestsException',
  ResourceNotFoundException: 'Lambda.ResourceNotFoundException',
  InvalidRequestContentException: 'Lambda.InvalidRequestContentException',
  RequestTooLargeException: 'Lambda.RequestTooLargeException',
  ResourceConflictException: 'Lambda.ResourceConflictException',
  ResourceNotReadyException: 'Lambda.ResourceNotReadyException',
};
const OTHER_ERROR = 'Lambda.AWSLambdaException';
const argumentNames = new Set(['FunctionName', 'Payload', 'Qualifier', 'InvocationType', 'ClientContext']);

export interface Invoker {
  invoke(facts: ExecutionFacts, resource: FunctionResource, given: Json, signal: AbortSignal): Promise<Json>;
  close(): void;
}

export function createInvoker(options: {
  readonly region: string;
  readonly endpoint: () => string;
  readonly credentialsOf: MachineCredentials;
}): Invoker {
  const clients = new Map<string, LambdaClient>();
  const clientOf = (facts: ExecutionFacts): LambdaClient => {
    const endpoint = options.endpoint();
    const key = `${endpoint} ${facts.roleArn} ${facts.machineName}`;
    const existing = clients.get(key);
    if (existing !== undefined) return existing;
    const { region } = options;
    const client = new LambdaClient({
      region,
      endpoint,
      // Trying again is for the definition's `Retry` to say.
      maxAttempts: 1,
      credentials: async () => ({ ...(await options.credentialsOf(facts)) }),
    });
    clients.set(key, client);
    return client;
  };
  return {
    async invoke(facts, resource, given, signal) {
      const direct = resource.kind === 'function';
      const input = direct ? { FunctionName: resource.functionArn, Payload: text(given) } : readArguments(given);
      let answer: InvokeCommandOutput;
      try {
        answer = await clientOf(facts).send(new InvokeCommand(input), { abortSignal: signal });
      } catch (error) {
        throw callError(error);
      }
      const payload = answer.Payload === undefined ? '' : Buffer.from(answer.Payload).toString();
      if (answer.FunctionError !== undefined) throw functionError(payload);
      const value = payload === '' ? null : parseJson(payload);
      return direct ? value : wholeAnswer(answer, value);
    },
    close() {
      for (const client of clients.values()) client.destroy();
    },
  };
}

function readArguments(given: Json) {
  if (!isObject(given)) throw new TaskError('States.Runtime', 'The arguments of lambda:invoke must be an object.');
  const unknown = Object.keys(given).find((name) => !argumentNames.has(name));
  if (unknown !== undefined) throw new TaskError('States.Runtime', `lambda:invoke has no argument ${unknown}.`);
  const { FunctionName, Payload, Qualifier, InvocationType = 'RequestResponse', ClientContext } = given;
  if (typeof FunctionName !== 'string') throw new TaskError('States.Runtime', 'lambda:invoke needs a FunctionName.');
  if (InvocationType !== 'RequestResponse' && InvocationType !== 'Event') {
    throw new TaskError('States.Runtime', 'InvocationType must be RequestResponse or Event.');
  }
  return {
    FunctionName,
    InvocationType,
    Payload: text(Payload ?? {}),
    ...(typeof Qualifier === 'string' ? { Qualifier } : {}),
    ...(typeof ClientContext === 'string' ? { ClientContext } : {}),
  } as const;
}

function wholeAnswer(answer: InvokeCommandOutput, payload: Json): JsonObject {
  return {
    ExecutedVersion: answer.ExecutedVersion ?? '$LATEST',
    Payload: payload,
    SdkHttpMetadata: { HttpStatusCode: answer.$metadata.httpStatusCode ?? 0 },
    SdkResponseMetadata: { RequestId: answer.$metadata.requestId ?? '' },
    StatusCode: answer.StatusCode ?? 0,
  };
}

/** The error that a function threw carries its own name. */
function functionError(payload: string): TaskError {
  let document: Json;
  try {
    document = parseJson(payload);
  } catch {
    document = null;
  }
  const type = isObject(document) ? document.errorType : undefined;
  return new TaskError(typeof type === 'string' && type !== '' ? type : 'Lambda.Unknown', payload);
}

function callError(error: unknown): Error {
  if (error instanceof TaskError) return error;
  if (!(error instanceof Error)) return new TaskError('Lambda.SdkClientException', String(error));
  const answered = '$metadata' in error && '$response' in error && error.$response !== undefined;
  if (!answered) return new TaskError('Lambda.SdkClientException', error.message);
  return new TaskError(
    Object.hasOwn(modelled, error.name) ? (modelled[error.name] ?? OTHER_ERROR) : OTHER_ERROR,
    error.message,
  );
}

function text(value: Json): Buffer {
  return Buffer.from(JSON.stringify(value));
}
