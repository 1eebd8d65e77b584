import { createPrivateKey, createPublicKey, generateKeyPair, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, type JWK } from 'jose';

/** The RS256 key of one pool. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** As it stands in the pool's key set. */
  readonly publicJwk: JWK;
}

const generate = promisify(generateKeyPair);

async function toSigningKey(privateKey: KeyObject): Promise<SigningKey> {
  const publicKey = createPublicKey(privateKey);
  const jwk: JWK = publicKey.export({ format: 'jwk' });
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, privateKey, publicKey, publicJwk: { ...jwk, kid, alg: 'RS256', use: 'sig' } };
}

/** The key of a pool; made and kept at first use, so that tokens stay good across a restart. */
export async function adoptSigningKey(database: DatabaseSync, poolId: string): Promise<SigningKey> {
  const row = database.prepare('SELECT jwk FROM signing_keys WHERE pool_id = ?').get(poolId);
  if (row !== undefined) {
    const jwk = JSON.parse(String(row.jwk)) as JsonWebKey;
    return toSigningKey(createPrivateKey({ key: jwk, format: 'jwk' }));
  }
  const { privateKey } = await generate('rsa', { modulusLength: 2048 });
  database
    .prepare('INSERT INTO signing_keys (pool_id, jwk) VALUES (?, ?)')
    .run(poolId, JSON.stringify(privateKey.export({ format: 'jwk' })));
  return toSigningKey(privateKey);
}
