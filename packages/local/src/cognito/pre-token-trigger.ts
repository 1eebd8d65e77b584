import * as z from 'zod';
import { AwsError } from '../aws/engine.ts';
import type { PoolSpec } from './pool-spec.ts';
import { type User, userNameOf } from './user-store.ts';

/** What made Cognito generate tokens. */
export type TriggerSource =
  | 'TokenGeneration_HostedAuth'
  | 'TokenGeneration_Authentication'
  | 'TokenGeneration_NewPasswordChallenge'
  | 'TokenGeneration_RefreshTokens';

/** Runs a function with an event and gives what it returned; rejects with what it threw. */
export type InvokeTrigger = (functionArn: string, event: object) => Promise<unknown>;

export interface PreTokenRequest {
  readonly source: TriggerSource;
  readonly user: User;
  readonly clientId: string;
  readonly groups: readonly string[];
  readonly scopes: readonly string[];
  readonly clientMetadata?: Readonly<Record<string, string>> | undefined;
}

const claimChanges = {
  claimsToAddOrOverride: z.record(z.string().min(1), z.json()).nullish(),
  claimsToSuppress: z.array(z.string()).nullish(),
};
const scopeNames = z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/)).nullish();

const overrideDetails = z.strictObject({
  idTokenGeneration: z.strictObject(claimChanges).nullish(),
  accessTokenGeneration: z
    .strictObject({ ...claimChanges, scopesToAdd: scopeNames, scopesToSuppress: scopeNames })
    .nullish(),
  groupOverrideDetails: z
    .strictObject({
      groupsToOverride: z.array(z.string()).nullish(),
      iamRolesToOverride: z.array(z.string()).nullish(),
      preferredRole: z.string().nullish(),
    })
    .nullish(),
});

const triggerResponse = z.object({
  response: z.strictObject({ claimsAndScopeOverrideDetails: overrideDetails.nullish() }),
});

/** What the function asks to be changed. */
export type Overrides = z.output<typeof overrideDetails>;

/** The version 2 event of the pre-token-generation trigger, as AWS documents it. */
export function preTokenEvent(pool: PoolSpec, region: string, request: PreTokenRequest): object {
  const { source, user, clientId, groups, scopes, clientMetadata } = request;
  return {
    version: pool.preTokenVersion === 'V3_0' ? '3' : '2',
    triggerSource: source,
    region,
    userPoolId: pool.id,
    userName: userNameOf(user),
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId },
    request: {
      userAttributes: { sub: user.sub, 'cognito:user_status': user.status, ...user.attributes },
      groupConfiguration: { groupsToOverride: groups, iamRolesToOverride: [], preferredRole: null },
      scopes,
      ...(clientMetadata === undefined ? {} : { clientMetadata }),
    },
    response: { claimsAndScopeOverrideDetails: null },
  };
}

async function withDeadline<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new AwsError('UnexpectedLambdaException', 'PreTokenGeneration invocation failed due to error TimeOut.'));
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Asks the function of a pool what to change.
 * @throws {AwsError} `UserLambdaValidationException` with the function's own message when it fails,
 *   `UnexpectedLambdaException` when it takes too long, `InvalidLambdaResponseException` when its answer has another shape
 */
export async function askPreTokenTrigger(
  invoke: InvokeTrigger,
  functionArn: string,
  event: object,
  timeoutMs: number,
): Promise<Overrides> {
  const invocation = invoke(functionArn, event).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    throw new AwsError('UserLambdaValidationException', `PreTokenGeneration failed with error ${message}.`);
  });
  const parsed = triggerResponse.safeParse(await withDeadline(invocation, timeoutMs));
  if (parsed.success) return parsed.data.response.claimsAndScopeOverrideDetails ?? {};
  const [issue] = parsed.error.issues;
  throw new AwsError(
    'InvalidLambdaResponseException',
    `Unrecognizable lambda output: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`,
  );
}
