import { productOf } from '@tenantry/core/contract/demo-shop/products';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { shopMessages } from './messages.ts';

/** What is in the cart, and its purchase. */
export function CartView({ cart, onBuy }: { readonly cart: readonly string[]; readonly onBuy: () => void }) {
  const { language, money } = useMessages();
  const text = useText(shopMessages);
  const chosen = cart.flatMap((id) => productOf(id) ?? []);
  if (chosen.length === 0) return null;
  const total = chosen.reduce((sum, { cents }) => sum + cents, 0);
  return (
    <section aria-label={text.cart} className="space-y-3 rounded-xl border border-line bg-panel p-4">
      <h2 className="text-base">{text.cart}</h2>
      <ul className="space-y-1 text-sm">
        {chosen.map((product) => (
          <li key={product.id} className="flex justify-between gap-3">
            <span>{product.title[language]}</span>
            <span>{money(product.cents, 'eur')}</span>
          </li>
        ))}
      </ul>
      <Button look="strong" onClick={onBuy}>
        {text.buy(money(total, 'eur'))}
      </Button>
    </section>
  );
}
