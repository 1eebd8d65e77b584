import { randomUUID, timingSafeEqual } from 'node:crypto';
import { AwsError } from '../aws/engine.ts';
import { isObject, type Json, parseJson } from './json.ts';

/** What a task token says about itself. Only the execution knows whether it is the one that it gave out. */
export interface TokenContent {
  readonly executionArn: string;
  readonly threadId: number;
}

export function makeToken(executionArn: string, threadId: number): string {
  return Buffer.from(JSON.stringify({ executionArn, threadId, secret: randomUUID() })).toString('base64url');
}

/** @throws {AwsError} `InvalidToken` */
export function readToken(token: string): TokenContent {
  let content: Json;
  try {
    content = parseJson(Buffer.from(token, 'base64url').toString());
  } catch {
    content = null;
  }
  if (isObject(content) && typeof content.executionArn === 'string' && typeof content.threadId === 'number') {
    return { executionArn: content.executionArn, threadId: content.threadId };
  }
  throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
}

export function sameToken(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
