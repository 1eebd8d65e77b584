import { deflateRawSync } from 'node:zlib';
import { AwsError, LOCAL_ACCOUNT_ID, type TemporaryCredentials } from '../aws/engine.ts';
import type { Role } from '../iam/role.ts';
import type { AssumeRoleInput } from './assume-role.ts';
import { type AccountKeys, keyLetters } from './keys.ts';
import { IV_BYTES, sealSession } from './session-token.ts';

/** A session that was given out, with the names that STS answers with. */
export interface AssumedRole {
  readonly credentials: TemporaryCredentials;
  readonly arn: string;
  readonly userId: string;
  readonly sourceIdentity: string | undefined;
  /** How much of the room for policy and tags is taken. */
  readonly packedPercent: number;
}

export type IssueSession = (
  role: Role,
  session: Pick<AssumeRoleInput, 'sessionName' | 'tags' | 'transitiveTagKeys' | 'sourceIdentity' | 'policy'>,
  seconds: number,
) => AssumedRole;

/** STS packs policy and tags in a form of its own, whose size it does not explain; deflated they come near enough. */
const PACKED_BYTES_MAX = 2048;

export const sessionArn = (roleName: string, sessionName: string): string =>
  `arn:aws:sts::${LOCAL_ACCOUNT_ID}:assumed-role/${roleName}/${sessionName}`;

export const sessionUserId = (role: Role, sessionName: string): string => `${role.id}:${sessionName}`;

/** Gives out sessions. Whoever calls it has asked the role's trust policy. */
export function createSessionIssuer(options: {
  readonly keys: AccountKeys;
  readonly now: () => number;
  readonly randomBytes: (size: number) => Buffer;
}): IssueSession {
  const { keys, now, randomBytes } = options;
  return (role, asked, seconds) => {
    const { sessionName, tags, transitiveTagKeys, sourceIdentity, policy } = asked;
    const packedPercent = packedPercentOf(tags, policy);
    const issuedAt = now();
    const expiresAt = issuedAt + seconds * 1000;
    const accessKeyId = `ASIA${keyLetters(randomBytes(16))}`;
    const session = { roleArn: role.arn, sessionName, tags, transitiveTagKeys, issuedAt, expiresAt };
    return {
      credentials: {
        accessKeyId,
        secretAccessKey: keys.secretOf(accessKeyId),
        sessionToken: sealSession(keys.sealing, randomBytes(IV_BYTES), accessKeyId, {
          ...session,
          ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
          ...(policy === undefined ? {} : { policy }),
        }),
        expiration: new Date(expiresAt),
      },
      arn: sessionArn(role.name, sessionName),
      userId: sessionUserId(role, sessionName),
      sourceIdentity,
      packedPercent,
    };
  };
}

function packedPercentOf(tags: Readonly<Record<string, string>>, policy = ''): number {
  const bytes = deflateRawSync(JSON.stringify(tags) + policy).length;
  const percent = Math.ceil((bytes / PACKED_BYTES_MAX) * 100);
  if (percent > 100) {
    throw new AwsError('PackedPolicyTooLarge', `Packed size of session tags and policy is ${percent}% of the limit.`);
  }
  return percent;
}
