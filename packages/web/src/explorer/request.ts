import type { CallInput } from '../api/client.ts';

export type ListRequest = CallInput<'previewRecommendations'>['body'];
export type Scenario = NonNullable<ListRequest['scenario']>;

/** The places in a shop that lists are for, and what each needs to be told. */
export const scenarioNeeds = {
  personal: null,
  similar: 'itemId',
  'bought-together': 'itemId',
  cart: 'cart',
  trending: null,
  bestsellers: null,
  'recently-viewed': null,
} as const satisfies Record<Scenario, 'itemId' | 'cart' | null>;
export const scenarios = Object.keys(scenarioNeeds) as Scenario[];

/** What somebody chose in the form of a list, as they typed it. */
export interface Choices {
  readonly scenario: Scenario;
  /** One item, or several with commas between them. */
  readonly about: string;
  readonly limit: number;
  /** From the widest category to the narrowest, with `>` between them. */
  readonly category: string;
  /** Of the same category at most; empty for any number. */
  readonly maxPerCategory: string;
  readonly excludePurchased: boolean;
  readonly includeUnavailable: boolean;
}

export const firstChoices: Choices = {
  scenario: 'personal',
  about: '',
  limit: 10,
  category: '',
  maxPerCategory: '',
  excludePurchased: false,
  includeUnavailable: false,
};

const split = (text: string, by: string): string[] =>
  text
    .split(by)
    .map((part) => part.trim())
    .filter(Boolean);

/** The request that the choices make, without what the API takes for granted. */
export function requestOf(shopperId: string, choices: Choices): ListRequest {
  const need = scenarioNeeds[choices.scenario];
  const category = split(choices.category, '>');
  return {
    shopperId,
    scenario: choices.scenario,
    limit: choices.limit,
    ...(need === 'itemId' ? { itemId: choices.about.trim() } : {}),
    ...(need === 'cart' ? { cart: split(choices.about, ',') } : {}),
    ...(category.length > 0 ? { filters: { categories: [category] } } : {}),
    ...(choices.maxPerCategory ? { maxPerCategory: Number(choices.maxPerCategory) } : {}),
    ...(choices.excludePurchased ? { excludePurchased: true } : {}),
    ...(choices.includeUnavailable ? { includeUnavailable: true } : {}),
  };
}

/** The same request as a shop's server would send it. */
export const asCommand = (origin: string, request: ListRequest): string =>
  [
    `curl ${origin}/v1/recommendations \\`,
    `  -H 'authorization: Bearer YOUR_KEY' \\`,
    `  -H 'content-type: application/json' \\`,
    // What stands in single quotes ends at the next one.
    `  -d '${JSON.stringify(request).replaceAll("'", "'\\''")}'`,
  ].join('\n');
