import { AwsError } from '../aws/engine.ts';
import { acceptTotp } from './authentication.ts';
import { encodeBase32 } from './totp.ts';
import type { UserPool } from './user-pool.ts';
import type { User } from './user-store.ts';

const SECRET_BYTES = 20;

/** Gives out a secret for an authenticator app; an older one stays in force until a code of the new one is shown. */
export function associateSoftwareToken(pool: UserPool, user: User): string {
  const secret = encodeBase32(pool.randomBytes(SECRET_BYTES));
  pool.users.update(user.sub, { totpPending: secret });
  return secret;
}

/** @throws {AwsError} `EnableSoftwareTokenMFAException` when the code is not of the secret that was given out */
export function verifySoftwareToken(pool: UserPool, user: User, code: string): void {
  const refuse = () => new AwsError('EnableSoftwareTokenMFAException', 'Code mismatch');
  if (user.totpPending === undefined) throw refuse();
  let step: number;
  try {
    step = acceptTotp(pool, { ...user, totpLastStep: 0 }, user.totpPending, code);
  } catch {
    throw refuse();
  }
  pool.users.update(user.sub, { totpSecret: user.totpPending, totpPending: undefined, totpLastStep: step });
}
