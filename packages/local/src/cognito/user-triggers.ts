import * as z from 'zod';
import { AwsError } from '../aws/engine.ts';
import type { PoolSpec } from './pool-spec.ts';
import type { InvokeTrigger } from './pre-token-trigger.ts';
import type { Attributes } from './user-store.ts';

/** What may be refused before it happens. */
export type UserTriggerSource =
  | 'PreSignUp_SignUp'
  | 'PreSignUp_ExternalProvider'
  | 'PreSignUp_AdminCreateUser'
  | 'PreAuthentication_Authentication';

export interface UserTriggerRequest {
  readonly source: UserTriggerSource;
  /** Absent for an administrator's call. */
  readonly clientId?: string;
  readonly userName: string;
  readonly attributes: Attributes;
  /** For a sign-in with a name that nobody has. */
  readonly userNotFound?: boolean;
}

/** Asks the functions of a pool; resolves when nothing is refused. */
export type AskUserTrigger = (request: UserTriggerRequest) => Promise<void>;

const answerSchema = z.object({ response: z.record(z.string(), z.unknown()) });

async function before<T>(work: Promise<T>, timeoutMs: number, name: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new AwsError('UnexpectedLambdaException', `${name} invocation failed due to error TimeOut.`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The triggers before sign-up and before authentication.
 * @throws {AwsError} `UserLambdaValidationException` with the function's own message when it refuses,
 *   `UnexpectedLambdaException` when it takes too long, `InvalidLambdaResponseException` when its answer has another shape
 */
export function createUserTriggers(
  { id, preSignUpTriggerArn, preAuthenticationTriggerArn }: PoolSpec,
  options: { readonly region: string; readonly invoke: InvokeTrigger; readonly timeoutMs: number },
): AskUserTrigger {
  return async ({ source, clientId = 'CLIENT_ID_NOT_APPLICABLE', userName, attributes, userNotFound = false }) => {
    const signUp = source.startsWith('PreSignUp');
    const arn = signUp ? preSignUpTriggerArn : preAuthenticationTriggerArn;
    if (arn === undefined) return;
    const name = signUp ? 'PreSignUp' : 'PreAuthentication';
    const event = {
      version: '1',
      triggerSource: source,
      region: options.region,
      userPoolId: id,
      userName,
      callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId },
      request: { userAttributes: attributes, validationData: null, ...(signUp ? {} : { userNotFound }) },
      response: signUp ? { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false } : {},
    };
    const invocation = options.invoke(arn, event).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      throw new AwsError('UserLambdaValidationException', `${name} failed with error ${message}.`);
    });
    const answer = answerSchema.safeParse(await before(invocation, options.timeoutMs, name));
    if (!answer.success) throw new AwsError('InvalidLambdaResponseException', 'Unrecognizable lambda output');
  };
}
