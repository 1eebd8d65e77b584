import type { z } from 'zod';
import { AwsError, type IamRequirement } from '../aws/engine.ts';
import type { Mailbox } from './mailbox.ts';

/** What an operation of SES works on. */
export interface SesContext {
  readonly mailbox: Mailbox;
  readonly accountId: string;
  readonly region: string;
}

export interface SesCall {
  readonly name: string;
  readonly requires: readonly IamRequirement[];
  run(): object;
}

/** @throws {AwsError} `BadRequestException` naming the member that is missing, malformed or unknown */
export function parseInput<S extends z.ZodType>(schema: S, body: Buffer): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(body.length === 0 ? '{}' : body.toString('utf8'));
  } catch {
    throw new AwsError('BadRequestException', 'The body is not JSON.');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AwsError('BadRequestException', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
}

/** The ARN of an address or a domain that sends. */
export function identityArn({ region, accountId }: SesContext, name: string): string {
  return `arn:aws:ses:${region}:${accountId}:identity/${name}`;
}
