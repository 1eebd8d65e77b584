import type { Experiment } from '../experiment/experiment.ts';
import type { TenantId } from '../ids/id.ts';
import { noRules, type RuleSet } from '../rules/store.ts';
import type { CatalogueItem } from './item.ts';

/** What lists need to know of an item. */
export type ListedItem = Pick<CatalogueItem, 'category' | 'price' | 'available' | 'attributes'>;

/** A company's catalogue, rules and experiment as one object, which recommenders hold in memory. */
export interface Snapshot {
  readonly items: ReadonlyMap<string, ListedItem>;
  readonly rules: RuleSet;
  /** The newest; null before the first. */
  readonly experiment: Experiment | null;
}

export const emptySnapshot: Snapshot = { items: new Map(), rules: noRules, experiment: null };

/** In the models bucket, below what a recommender of the company may read. */
export const snapshotKey = (tenantId: TenantId): string => `models/${tenantId}/catalogue/snapshot.json`;

const FORMAT = 1;
const NONE = -1;

/** Id, whether it is available, its category's place in the list of categories, its price, its attributes. */
type Row = readonly [string, 0 | 1, number, ListedItem['price'] | null, ListedItem['attributes'] | null];
interface Document {
  readonly format: number;
  readonly rules: RuleSet;
  readonly experiment: Experiment | null;
  readonly categories: readonly (readonly string[])[];
  readonly items: readonly Row[];
}

export function encodeSnapshot({ items, rules, experiment }: Snapshot): string {
  const places = new Map<string, number>();
  const categories: (readonly string[])[] = [];
  const placeOf = (category: readonly string[]): number => {
    const name = JSON.stringify(category);
    const place = places.get(name) ?? categories.push(category) - 1;
    places.set(name, place);
    return place;
  };
  const rows = [...items].map(
    ([id, { available, category, price, attributes }]): Row => [
      id,
      available ? 1 : 0,
      category ? placeOf(category) : NONE,
      price ?? null,
      attributes ?? null,
    ],
  );
  return JSON.stringify({ format: FORMAT, rules, experiment, categories, items: rows } satisfies Document);
}

/** @throws {Error} when the text is no snapshot of a format that this version reads */
export function decodeSnapshot(text: string): Snapshot {
  const { format, rules, experiment, categories, items } = JSON.parse(text) as Document;
  if (format !== FORMAT) throw new Error(`Catalogues of format ${String(format)} are not known here.`);
  return {
    rules,
    // Of before experiments could compare models.
    experiment: experiment && { ...experiment, candidate: experiment.candidate ?? null },
    items: new Map(
      items.map(([id, available, category, price, attributes]): [string, ListedItem] => [
        id,
        {
          available: available === 1,
          ...(category === NONE ? {} : { category: categories[category] as string[] }),
          ...(price ? { price } : {}),
          ...(attributes ? { attributes } : {}),
        },
      ]),
    ),
  };
}
