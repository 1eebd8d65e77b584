import { AwsError, type AwsProtocol, type AwsResponse, type Caller, type Engine, LOCAL_REGION } from '../aws/engine.ts';
import { denialMessage } from '../iam/denial.ts';
import type { Iam, RequestKeys } from '../iam/iam.ts';
import type { ResolveCredentials } from '../sts/credentials.ts';
import { authenticate } from './authenticate.ts';
import { AuthenticationError } from './authentication-error.ts';
import { type Authorization, readAuthorization } from './authorization.ts';
import { awsRequest } from './aws-request.ts';
import type { HttpRequest } from './http-request.ts';
import type { CallRecord } from './record.ts';

/** What is found out about a call on its way; it ends as its record. */
export type CallNotes = {
  -readonly [Key in keyof CallRecord]?: CallRecord[Key];
} & { protocol: AwsProtocol };

export interface CallServices {
  readonly engines: ReadonlyMap<string, Engine>;
  readonly iam: Iam;
  readonly resolveCredentials: ResolveCredentials;
}

const anonymous: Caller = { accountId: '', arn: 'anonymous', tags: {} };

/**
 * One call of AWS: who sends it, what it needs, whether that is allowed, and only then the call itself.
 * @throws {AwsError} and {AuthenticationError} as they are to be answered.
 */
export async function answerCall(
  http: HttpRequest,
  body: Buffer,
  services: CallServices,
  { notes, requestId, now }: { readonly notes: CallNotes; readonly requestId: string; readonly now: number },
): Promise<AwsResponse> {
  const authorization = readAuthorization(http);
  if (!authorization) return answerUnsigned(http, body, services, notes, requestId);
  notes.service = authorization.service;
  const engine = services.engines.get(authorization.service);
  if (!engine) {
    throw new AwsError('UnknownServiceException', `No service "${authorization.service}" runs on this machine.`, 404);
  }
  notes.protocol = engine.protocol;
  const { principal, body: decoded } = authenticate(http, body, authorization, {
    resolveCredentials: services.resolveCredentials,
    now,
  });
  notes.callerArn = principal.arn;
  notes.roleArn = principal.roleArn;
  notes.tags = principal.tags;
  const request = awsRequest(http, decoded, { authorization, service: authorization.service, requestId });
  const operation = await engine.prepare(request);
  notes.operation = operation.name;
  notes.requirements = operation.requires;
  const keys = requestKeys(http, authorization, now);
  notes.allowedBy = operation.requires.map((requirement) => {
    const decision = services.iam.authorize(principal, requirement, keys);
    if (!decision.allowed) throw accessDenied(engine.protocol, denialMessage(principal, requirement, decision));
    return decision.by;
  });
  notes.allowed = true;
  return operation.run(principal);
}

/** Calls that prove themselves in another way, such as by a Cognito access token. */
async function answerUnsigned(
  http: HttpRequest,
  body: Buffer,
  { engines }: CallServices,
  notes: CallNotes,
  requestId: string,
): Promise<AwsResponse> {
  for (const [service, engine] of engines) {
    const request = awsRequest(http, body, { service, requestId });
    if (!engine.anonymous?.(request)) continue;
    notes.service = service;
    notes.protocol = engine.protocol;
    const operation = await engine.prepare(request);
    notes.operation = operation.name;
    notes.requirements = operation.requires;
    if (operation.requires.length > 0) break;
    notes.allowed = true;
    return operation.run(anonymous);
  }
  throw new AuthenticationError('missing');
}

/** The protocol that a call seems to speak, for answers to calls of which nothing else is known. */
export function guessProtocol({ headers, method }: HttpRequest): AwsProtocol {
  if (headers['x-amz-target'] !== undefined) return 'json';
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return 'query';
  if (headers['content-type']?.startsWith('application/json')) return 'rest-json';
  return method === 'POST' ? 'rest-json' : 'rest-xml';
}

/** This machine stands for endpoints that take TLS only, so that policies which demand it hold. */
function requestKeys(http: HttpRequest, authorization: Authorization, now: number): RequestKeys {
  return {
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1000)),
    'aws:RequestedRegion': LOCAL_REGION,
    'aws:SecureTransport': 'true',
    'aws:SourceIp': http.sourceIp,
    'aws:UserAgent': http.headers['user-agent'],
    ...(authorization.service === 's3' ? s3Keys(http, authorization) : {}),
  };
}

function s3Keys(http: HttpRequest, authorization: Authorization): RequestKeys {
  return {
    's3:authType': authorization.presigned ? 'REST-QUERY-STRING' : 'REST-HEADER',
    's3:signatureversion': 'AWS4-HMAC-SHA256',
    's3:x-amz-content-sha256': http.headers['x-amz-content-sha256'],
  };
}

function accessDenied(protocol: AwsProtocol, message: string): AwsError {
  return protocol === 'query' || protocol === 'rest-xml'
    ? new AwsError('AccessDenied', message, 403)
    : new AwsError('AccessDeniedException', message, protocol === 'json' ? 400 : 403);
}
