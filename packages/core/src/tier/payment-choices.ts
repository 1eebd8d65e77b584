/** Currencies that a company can pay in, with the digits of their minor unit. */
export const minorDigits = { usd: 2, eur: 2, krw: 0 } as const satisfies Record<string, number>;
export type Currency = keyof typeof minorDigits;
export const currencies = Object.keys(minorDigits) as [Currency, ...Currency[]];

/** How often a subscription is paid, with the months of its period. */
export const intervalMonths = { month: 1, year: 12 } as const satisfies Record<string, number>;
export type Interval = keyof typeof intervalMonths;
export const intervals = Object.keys(intervalMonths) as [Interval, ...Interval[]];
