/** How a flag can be set for companies. */
export const flagKinds = ['off', 'on', 'percentage', 'companies', 'tiers'] as const;
export type FlagKind = (typeof flagKinds)[number];

export interface Flag {
  /** What is different while it is on, for whoever sets it. */
  readonly description: string;
  /** What counts while nobody has set it. */
  readonly default: boolean;
  /** What it may be set to. A flag that ends something dangerous need not be given to a part of the companies. */
  readonly kinds: readonly FlagKind[];
}

/** Every flag by its name. One that is not here is neither set nor asked for; one that nobody asks for any more is taken out. */
export const flags = {
  'live-activity': {
    description:
      'Dashboards show events within seconds; off, they look once a minute, which costs a thirtieth of the calls',
    default: true,
    kinds: flagKinds,
  },
} as const satisfies Record<string, Flag>;

export type FlagName = keyof typeof flags;
export const flagNames = Object.keys(flags) as [FlagName, ...FlagName[]];
export const flagNamed = (name: FlagName): Flag => flags[name];
