import type { AwsRequest, AwsResponse, Operation } from '../aws/engine.ts';
import { AwsError } from '../aws/engine.ts';
import type { AsyncInvocations } from './async-invocations.ts';
import type { LoadedFunction } from './function-spec.ts';
import { ASYNC_PAYLOAD_MAX_BYTES, boundedPayload, SYNC_PAYLOAD_MAX_BYTES } from './outcome.ts';
import { type FunctionRunner, functionArn, parseFunctionName } from './runner.ts';

export interface FunctionOperationsContext {
  readonly runner: FunctionRunner;
  readonly events: AsyncInvocations;
  readonly accountId: string;
  readonly region: string;
}

const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
const ONE = /^\/2015-03-31\/functions\/([^/]+)$/;
const ALL = /^\/2015-03-31\/functions\/?$/;

/** The operation behind a request of the function paths, or undefined for another path. */
export function prepareFunctionOperation(
  request: AwsRequest,
  context: FunctionOperationsContext,
): Operation | undefined {
  const { method, path } = request;
  const invoked = INVOKE.exec(path)?.[1];
  if (method === 'POST' && invoked !== undefined) return prepareInvoke(named(invoked, request), request, context);
  const one = ONE.exec(path)?.[1];
  if (method === 'GET' && one !== undefined) {
    const asked = named(one, request);
    return {
      name: 'GetFunction',
      requires: [{ action: 'lambda:GetFunction', resource: arnOf(asked, context) }],
      run: async () => ({
        body: { Configuration: describe(context.runner.find(asked)), Code: { RepositoryType: 'S3' }, Tags: {} },
      }),
    };
  }
  if (method === 'GET' && ALL.test(path)) {
    return {
      name: 'ListFunctions',
      requires: [{ action: 'lambda:ListFunctions', resource: '*' }],
      run: async () => ({ body: { Functions: context.runner.list().map(describe) } }),
    };
  }
  return undefined;
}

function prepareInvoke(asked: string, request: AwsRequest, context: FunctionOperationsContext): Operation {
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  const logType = request.headers['x-amz-log-type'] ?? 'None';
  if (!['RequestResponse', 'Event', 'DryRun'].includes(type)) throw userError(`Unknown invocation type: ${type}`);
  if (!['None', 'Tail'].includes(logType)) throw userError(`Unknown log type: ${logType}`);
  const payload = parsePayload(request.body, type === 'Event' ? ASYNC_PAYLOAD_MAX_BYTES : SYNC_PAYLOAD_MAX_BYTES);
  return {
    name: 'Invoke',
    requires: [{ action: 'lambda:InvokeFunction', resource: arnOf(asked, context) }],
    run: async (): Promise<AwsResponse> => {
      const spec = context.runner.find(asked);
      if (type === 'DryRun') return { status: 204, body: '' };
      if (type === 'Event') {
        const requestId = context.events.enqueue(spec.name, payload);
        return { status: 202, headers: { 'x-amzn-requestid': requestId }, body: '' };
      }
      const result = await context.runner.run(spec, payload);
      return {
        headers: {
          'content-type': 'application/json',
          'x-amzn-requestid': result.requestId,
          'x-amz-executed-version': '$LATEST',
          ...(result.functionError === undefined ? {} : { 'x-amz-function-error': result.functionError }),
          ...(logType === 'Tail' ? { 'x-amz-log-result': Buffer.from(result.logTail).toString('base64') } : {}),
        },
        body: result.payload,
      };
    },
  };
}

function parsePayload(body: Buffer, maxBytes: number): string {
  const text = body.byteLength === 0 ? '{}' : boundedPayload(body.toString('utf8'), maxBytes);
  try {
    JSON.parse(text);
  } catch {
    const message = 'Could not parse request body into json.';
    throw new AwsError('InvalidRequestContentException', message, 400, { Type: 'User' });
  }
  return text;
}

function named(segment: string, request: AwsRequest): string {
  let name: string;
  try {
    name = decodeURIComponent(segment);
  } catch {
    throw userError('Malformed path.');
  }
  const qualifier = request.query.get('Qualifier');
  return qualifier === null ? name : `${name}:${qualifier}`;
}

/** The ARN that policies see: with the qualifier where the caller gave one, as in AWS. */
function arnOf(asked: string, { accountId, region }: FunctionOperationsContext): string {
  const { name, qualifier } = parseFunctionName(asked, accountId, region);
  const arn = functionArn(name, accountId, region);
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}

function describe(spec: LoadedFunction): object {
  return {
    FunctionName: spec.name,
    FunctionArn: spec.arn,
    Runtime: 'nodejs24.x',
    Role: spec.roleArn,
    Handler: spec.handler,
    CodeSize: spec.codeSizeBytes,
    CodeSha256: spec.codeSha256,
    Description: '',
    Timeout: spec.timeoutSeconds,
    MemorySize: spec.memoryMb,
    LastModified: new Date(spec.loadedAt).toISOString().replace('Z', '+0000'),
    Version: '$LATEST',
    Environment: { Variables: spec.environment },
    PackageType: 'Zip',
    Architectures: ['arm64'],
    State: 'Active',
    LastUpdateStatus: 'Successful',
  };
}

function userError(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });
}
