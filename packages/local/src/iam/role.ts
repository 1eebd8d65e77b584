import { createHash } from 'node:crypto';
import { managedPolicy } from './managed-policies.ts';
import { type Policy, parsePolicy } from './policy.ts';

/** A role as the program declares it. Documents are JSON text or the objects that they parse to. */
export interface RoleSpec {
  /** `arn:aws:iam::<account>:role/<path><name>` */
  readonly arn: string;
  readonly name: string;
  readonly trustPolicy: unknown;
  readonly policies: readonly { readonly name: string; readonly document: unknown }[];
  /** AWS's own policies. */
  readonly managedPolicyArns?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
}

/** A role whose policies are checked and compiled. */
export interface Role {
  readonly arn: string;
  readonly name: string;
  /** `AROA…`; the same for the same ARN. */
  readonly id: string;
  readonly trust: Policy;
  readonly policies: readonly Policy[];
  readonly tags: Readonly<Record<string, string>>;
}

const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** @throws {Error} naming the role and the policy that is malformed. */
export function compileRole(spec: RoleSpec): Role {
  const { arn, name, managedPolicyArns = [], tags = {} } = spec;
  if (!/^arn:aws:iam::\d{12}:role\/([!-~]*\/)?[\w+=,.@-]{1,64}$/.test(arn) || !arn.endsWith(`/${name}`)) {
    throw new Error(`The role "${name}" has the malformed ARN "${arn}".`);
  }
  const within = <T>(what: string, compile: () => T): T => {
    try {
      return compile();
    } catch (error) {
      throw new Error(`The role "${name}", ${what}: ${error instanceof Error ? error.message : error}`);
    }
  };
  return {
    arn,
    name,
    id: `AROA${idOf(arn)}`,
    trust: within('trust policy', () => parsePolicy(spec.trustPolicy, 'trust')),
    policies: [
      ...spec.policies.map((policy) =>
        within(`policy "${policy.name}"`, () => parsePolicy(policy.document, 'identity')),
      ),
      ...managedPolicyArns.map((managed) => within('managed policy', () => managedPolicy(managed))),
    ],
    tags,
  };
}

function idOf(arn: string): string {
  const digest = createHash('sha256').update(arn).digest();
  return Array.from(digest.subarray(0, 17), (byte) => ID_LETTERS[byte % ID_LETTERS.length]).join('');
}
