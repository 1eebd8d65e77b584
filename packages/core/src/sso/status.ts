/** What becomes of a claim to a mail domain. A verified one is the company's alone until it lets go of it, or has taken its text record away. */
export const domainTransitions = {
  pending: ['verified', 'removed'],
  verified: ['pending', 'removed'],
  removed: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type DomainStatus = Exclude<keyof typeof domainTransitions, 'removed'>;

/** What becomes of a company's provider. While it is being saved or removed, nobody signs in by it. */
export const providerTransitions = {
  absent: ['saving'],
  saving: ['saving', 'ready', 'removing'],
  ready: ['saving', 'removing'],
  removing: ['removing', 'absent'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type ProviderStatus = Exclude<keyof typeof providerTransitions, 'absent'>;

/** The statuses from which a provider may get into another one. */
export const providerBefore = (to: keyof typeof providerTransitions): readonly string[] =>
  Object.entries(providerTransitions)
    .filter(([, next]) => (next as readonly string[]).includes(to))
    .map(([from]) => from);
