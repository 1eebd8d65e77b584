import type { Product } from '@tenantry/core/contract/demo-shop/products';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { shopMessages } from './messages.ts';
import { ProductPicture } from './picture.tsx';

/** One product, and the way into the cart. */
export function ProductView({
  product,
  inCart,
  onCart,
  onBack,
}: {
  readonly product: Product;
  readonly inCart: boolean;
  readonly onCart: () => void;
  readonly onBack: () => void;
}) {
  const { language, money } = useMessages();
  const text = useText(shopMessages);
  return (
    <section aria-label={product.title[language]} className="grid gap-6 sm:grid-cols-[14rem_1fr]">
      <ProductPicture product={product} className="aspect-square w-full rounded-xl" />
      <div className="space-y-4">
        <h2 className="text-2xl">{product.title[language]}</h2>
        <p className="text-xl">{money(product.cents, 'eur')}</p>
        <div className="flex flex-wrap gap-3">
          <Button look="strong" disabled={inCart} onClick={onCart}>
            {inCart ? text.inCart : text.addToCart}
          </Button>
          <Button onClick={onBack}>{text.back}</Button>
        </div>
      </div>
    </section>
  );
}
