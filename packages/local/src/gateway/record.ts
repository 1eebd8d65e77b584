import type { IamRequirement } from '../aws/engine.ts';
import type { AllowedBy } from '../iam/evaluate.ts';

/** What became of one call of AWS. */
export interface CallRecord {
  /** When it came, in milliseconds since the epoch. */
  readonly time: number;
  readonly requestId: string;
  /** Undefined when the caller is not known: without a signature, or with one that is not good. */
  readonly callerArn: string | undefined;
  /** The role behind the session; undefined for root and for callers that are not known. */
  readonly roleArn: string | undefined;
  /** What `aws:PrincipalTag` stood for. */
  readonly tags: Readonly<Record<string, string>>;
  /** `dynamodb`; empty when the call does not say. */
  readonly service: string;
  /** `PutItem`; empty when the call could not be understood. */
  readonly operation: string;
  readonly requirements: readonly IamRequirement[];
  /** Of an allowed call: the statement of the role behind each of the requirements, in their order. */
  readonly allowedBy: readonly AllowedBy[];
  /** False when the caller is not who it says, or its policies do not allow the call. */
  readonly allowed: boolean;
  /** Why it was denied, as the caller was told. */
  readonly denial: string | undefined;
  /** HTTP status of the answer. */
  readonly status: number;
  /** `AccessDeniedException`; undefined when the call went well. */
  readonly errorCode: string | undefined;
  readonly durationMs: number;
}
