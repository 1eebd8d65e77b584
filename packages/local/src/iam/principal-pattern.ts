/** Who asks for a role: an identity of this account, or an AWS service. */
export type Asker =
  | { readonly kind: 'identity'; readonly accountId: string; readonly arn: string; readonly roleArn?: string }
  | { readonly kind: 'service'; readonly service: string };

export type PrincipalPattern = (asker: Asker) => boolean;

/**
 * Compiles the `Principal` element of a trust or resource policy. Federated and canonical users are understood and match
 * nobody, since there are none here.
 * @throws {Error} when it is malformed.
 */
export function compilePrincipal(element: unknown): PrincipalPattern {
  if (element === '*') return () => true;
  if (typeof element !== 'object' || element === null || Array.isArray(element)) {
    throw new Error('"Principal" must be "*" or an object.');
  }
  const patterns = Object.entries(element).flatMap(([kind, value]) => {
    const names: unknown[] = Array.isArray(value) ? value : [value];
    if (names.length === 0) throw new Error(`"Principal" has no value for "${kind}".`);
    return names.map((name) => {
      if (typeof name !== 'string' || name === '') throw new Error(`"Principal" has a bad value for "${kind}".`);
      return compileName(kind, name);
    });
  });
  if (patterns.length === 0) throw new Error('"Principal" is empty.');
  return (asker) => patterns.some((pattern) => pattern(asker));
}

function compileName(kind: string, name: string): PrincipalPattern {
  switch (kind) {
    case 'AWS':
      return compileIdentity(name);
    case 'Service':
      if (!/^[a-z0-9.-]+\.amazonaws\.com$/.test(name)) throw new Error(`"${name}" is not a service principal.`);
      return (asker) => asker.kind === 'service' && asker.service === name;
    case 'Federated':
    case 'CanonicalUser':
      return () => false;
    default:
      throw new Error(`"Principal" has the unknown kind "${kind}".`);
  }
}

function compileIdentity(name: string): PrincipalPattern {
  if (name === '*') return (asker) => asker.kind === 'identity';
  const account = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
  if (account !== undefined) return (asker) => asker.kind === 'identity' && asker.accountId === account;
  if (!/^arn:aws:(iam::\d{12}:(role|user)|sts::\d{12}:assumed-role)\/[^*?]+$/.test(name)) {
    throw new Error(`"${name}" is not a principal that a policy may name.`);
  }
  return (asker) => asker.kind === 'identity' && (asker.roleArn === name || asker.arn === name);
}
