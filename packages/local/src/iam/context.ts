/** What is known of a call, by condition key. Key names are case-insensitive, as in IAM. */
export interface ConditionContext {
  /** All values of a key; undefined when the key is absent. Never an empty list. */
  values(key: string): readonly string[] | undefined;
}

/** What a policy variable resolves to; undefined for an absent key and for one with several values. */
export type Lookup = (key: string) => string | undefined;

/** Later sources win over earlier ones, so that what the gateway knows cannot be overridden by a request. */
export function createContext(
  ...sources: readonly Readonly<Record<string, string | readonly string[] | undefined>>[]
): ConditionContext {
  const entries = new Map<string, readonly string[]>();
  for (const source of sources) {
    for (const [key, value] of Object.entries(source)) {
      if (value === undefined || (typeof value !== 'string' && value.length === 0)) continue;
      entries.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
    }
  }
  return { values: (key) => entries.get(key.toLowerCase()) };
}

export function lookupIn(context: ConditionContext): Lookup {
  return (key) => {
    const values = context.values(key);
    return values?.length === 1 ? values[0] : undefined;
  };
}

/** Tags as condition keys: `aws:PrincipalTag/TenantId`. */
export function tagKeys(prefix: string, tags: Readonly<Record<string, string>>): Record<string, readonly string[]> {
  // In a list, since a tag may be empty and still be there.
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [`${prefix}/${name}`, [value]]));
}
