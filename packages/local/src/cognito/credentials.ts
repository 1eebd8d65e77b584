import { hashPassword } from './password.ts';
import { srpVerifier } from './srp.ts';
import type { User } from './user-store.ts';

/** What is kept of a password: a hash for plain sign-in, and a verifier for SRP, which never sees the password. */
export async function passwordFields(
  poolId: string,
  sub: string,
  password: string,
): Promise<Pick<User, 'passwordHash' | 'srp' | 'failures' | 'lockedUntil'>> {
  return {
    passwordHash: await hashPassword(password),
    srp: srpVerifier(poolId, sub, password),
    failures: 0,
    lockedUntil: 0,
  };
}
