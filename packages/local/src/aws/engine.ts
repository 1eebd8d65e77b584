/**
 * The contract between the gateway, which authenticates and authorises every AWS call, and the engines, which carry
 * allowed calls out. An engine never sees a call that the caller's policies do not allow.
 */

/** One request as it came over the wire, after its signature was verified. Header names are lower-case. */
export interface AwsRequest {
  /** The SigV4 signing name: `dynamodb`, `s3`, `states`, `sqs`, … */
  readonly service: string;
  readonly region: string;
  readonly method: string;
  /** Path as sent, percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded body: `aws-chunked` framing is already removed and its checksums are verified. */
  readonly body: Buffer;
  readonly requestId: string;
}

/** Who signed the call, resolved by the gateway. */
export interface Caller {
  readonly accountId: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>`, or the account's root for the developer's own tools. */
  readonly arn: string;
  /** The IAM role behind the session; absent for root. */
  readonly roleArn?: string;
  /** Session tags, which are what `${aws:PrincipalTag/…}` resolves to. */
  readonly tags: Readonly<Record<string, string>>;
}

/** One thing that the caller's policies must allow. Context values are lists, since IAM keys may be multi-valued. */
export interface IamRequirement {
  /** `dynamodb:PutItem` */
  readonly action: string;
  /** The full ARN, or `*` for actions that have no resource. */
  readonly resource: string;
  /** Condition keys of the request, such as `dynamodb:LeadingKeys`; an absent key is absent, never an empty list. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

export interface AwsResponse {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is rendered as JSON by the gateway; a string or buffer is sent as it is. */
  readonly body?: object | string | Uint8Array;
}

/** A parsed call: what it needs, and how to do it. */
export interface Operation {
  /** `PutItem` */
  readonly name: string;
  /** Every one must be allowed. An operation that needs nothing (`GetCallerIdentity`) gives an empty list. */
  readonly requires: readonly IamRequirement[];
  run(caller: Caller): Promise<AwsResponse>;
}

/** How errors are written on the wire. */
export type AwsProtocol = 'json' | 'rest-json' | 'query' | 'rest-xml';

export interface Engine {
  /** The SigV4 signing names it answers for. */
  readonly services: readonly string[];
  readonly protocol: AwsProtocol;
  /**
   * Parses a call far enough to know what it needs. Has no side effect.
   * @throws {AwsError} when the call cannot be parsed; what cannot be parsed is never allowed.
   */
  prepare(request: AwsRequest): Operation | Promise<Operation>;
  /** Whether a call needs no signature, as Cognito's public operations. Absent: every call is signed. */
  readonly anonymous?: (request: AwsRequest) => boolean;
  /** Flushes and closes; called once. */
  close(): Promise<void>;
}

/** An error in AWS's own shape; the gateway renders it in the engine's protocol. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Further members of the error body, such as `CancellationReasons`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

/** Temporary credentials as STS gives them. */
export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/**
 * How an AWS service (Lambda, Step Functions, API Gateway, Scheduler, EKS Pod Identity) gets credentials of a role that trusts it. The role's
 * trust policy is evaluated with the service as principal.
 * @throws {AwsError} `AccessDenied` when the role does not trust the service.
 */
export type AssumeRoleForService = (request: {
  readonly roleArn: string;
  /** `lambda.amazonaws.com` */
  readonly servicePrincipal: string;
  readonly sessionName: string;
  readonly tags?: Readonly<Record<string, string>>;
}) => Promise<TemporaryCredentials>;

/** The account and region that stand for AWS on this machine. */
export const LOCAL_ACCOUNT_ID = '000000000000';
export const LOCAL_REGION = 'us-east-1';
