import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { adoptSigningKey } from '@tenantry/local/cognito/signing-key';
import { resourceNamed } from '@tenantry/local/program/graph';
import { type JWTPayload, SignJWT } from 'jose';
import type { TestCloud } from './test-cloud.ts';

/** What a token says, whoever signed it. */
export const claimsOf = (token: string): JWTPayload =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));

/** A token of any content with a good signature of the user pool: what only time, or a fault of the pool, could bring about. */
export async function signedByPool({ cloud, dir }: TestCloud, claims: JWTPayload): Promise<string> {
  const database = new DatabaseSync(join(dir, 'cognito.db'));
  const pool = resourceNamed(cloud.graph, 'aws:cognito/userPool:UserPool', 'UsersUserPool');
  const { kid, privateKey } = await adoptSigningKey(database, pool.id);
  database.close();
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
}
