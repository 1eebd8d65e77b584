import * as z from 'zod';
import { invalidParameter } from '../errors.ts';
import type { UserPools } from '../user-pool.ts';

/**
 * Who may call an operation: `client` is anyone who knows a client id or holds a session, `user` is the holder of an
 * access token (neither is signed by AWS credentials), `administrator` needs a policy on the pool.
 */
export type OperationAccess = 'client' | 'user' | 'administrator';

/** A call whose input was checked. */
export interface BoundCall {
  /** Of an administrator's call. */
  readonly poolId?: string;
  run(pools: UserPools): Promise<object>;
}

export interface CognitoOperation {
  readonly access: OperationAccess;
  /** @throws {AwsError} `InvalidParameterException` for a missing, malformed or unknown member */
  bind(input: unknown): BoundCall;
}

export const username = z.string().min(1).max(128);
export const password = z.string().min(1).max(256);
export const clientId = z.string().regex(/^[\w+]{1,128}$/);
export const poolId = z.string().regex(/^[\w-]{1,46}_[0-9a-zA-Z]{1,55}$/);
export const accessToken = z.string().min(1).max(16_384);
export const session = z.string().min(20).max(2048);
export const code = z.string().regex(/^\S{1,2048}$/);
export const metadata = z.record(z.string().max(131_072), z.string().max(131_072)).optional();
export const attributeValues = z
  .array(z.strictObject({ Name: z.string().min(1).max(64), Value: z.string().max(2048).optional() }))
  .max(100);

/** Members that clients send for AWS's threat protection, which has no counterpart here. */
export const context = {
  ClientMetadata: metadata,
  UserContextData: z.object({}).optional(),
  AnalyticsMetadata: z.object({}).optional(),
};

function poolIdOf(input: unknown): { poolId?: string } {
  return input !== null && typeof input === 'object' && 'UserPoolId' in input && typeof input.UserPoolId === 'string'
    ? { poolId: input.UserPoolId }
    : {};
}

/** An operation with the schema of its input. */
export function operation<S extends z.ZodType>(
  access: OperationAccess,
  schema: S,
  run: (pools: UserPools, input: z.output<S>) => Promise<object>,
): CognitoOperation {
  return {
    access,
    bind(input) {
      const parsed = schema.safeParse(input);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        const member = issue?.path.join('.') ?? '';
        throw invalidParameter(`1 validation error detected: ${member === '' ? 'request' : member}: ${issue?.message}`);
      }
      return { ...poolIdOf(parsed.data), run: (pools) => run(pools, parsed.data) };
    },
  };
}

/** An administrator's operation: its input always names the pool. */
export function adminOperation<S extends z.ZodRawShape>(
  shape: S,
  run: (pools: UserPools, input: z.output<z.ZodObject<S>> & { UserPoolId: string }) => Promise<object>,
): CognitoOperation {
  const schema = z.strictObject({ ...shape, UserPoolId: poolId });
  return operation('administrator', schema, (pools, input) =>
    run(pools, input as z.output<z.ZodObject<S>> & { UserPoolId: string }),
  );
}
