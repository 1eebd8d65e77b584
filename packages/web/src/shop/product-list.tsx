import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { productOf } from '@tenantry/core/contract/demo-shop/products';
import type { RecommendedItem, Scenario } from '@tenantry/sdk';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Skeleton } from '../parts/skeleton.tsx';
import { shopMessages } from './messages.ts';
import { ProductPicture } from './picture.tsx';
import type { Shop } from './shop.ts';

/** What a list depends on, beside the scenario: every click makes another list of it. */
export interface ListProps {
  readonly shop: Shop;
  readonly scenario: Scenario;
  readonly itemId?: string;
  readonly cart?: readonly string[];
  /** How often the shopper did something. */
  readonly clicks: number;
  readonly onOpen: (productId: string) => void;
}

/** A row of products as the recommender ranks them for a place in the shop; nothing where there is nothing. */
export function ProductList({ shop, scenario, itemId, cart, clicks, onOpen }: ListProps) {
  const text = useText(shopMessages);
  const about = { ...(itemId ? { itemId } : {}), ...(cart ? { cart } : {}) };
  const list = useQuery({
    queryKey: ['shop', scenario, about, clicks],
    queryFn: () => shop.list({ scenario, limit: 6, ...about }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (list.isError && scenario === 'personal') {
    return (
      <p role="alert" className="rounded-xl border border-bad p-4">
        {text.failed(list.error.message)}
      </p>
    );
  }
  if (list.data?.items.length === 0 || list.isError) return null;
  return (
    <section aria-label={text.lists[scenario]} className="space-y-3">
      <h2 className="text-xl">{text.lists[scenario]}</h2>
      {list.isPending ? (
        <Skeleton lines={4} />
      ) : (
        <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-6">
          {list.data?.items.map((item) => (
            <li key={item.itemId}>
              <ProductCard item={item} onOpen={onOpen} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function ProductCard({ item, onOpen }: { readonly item: RecommendedItem; readonly onOpen: (id: string) => void }) {
  const { language, money } = useMessages();
  const text = useText(shopMessages);
  const product = productOf(item.itemId);
  if (!product) return null;
  const because = item.because ? productOf(item.because) : undefined;
  return (
    <button
      type="button"
      onClick={() => onOpen(product.id)}
      className="flex h-full w-full flex-col overflow-hidden rounded-xl border border-line bg-panel text-left hover:border-accent"
    >
      <ProductPicture product={product} className="aspect-square w-full" />
      <span className="space-y-1 p-3">
        <span className="block font-medium">{product.title[language]}</span>
        <span className="block text-sm">{money(product.cents, 'eur')}</span>
        <span className="block text-xs text-soft">
          {because ? text.because(because.title[language]) : (text.reasons[item.reason] ?? item.reason)}
        </span>
      </span>
    </button>
  );
}
