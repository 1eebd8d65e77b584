import { useSearch } from '@tanstack/react-router';
import { productOf } from '@tenantry/core/contract/demo-shop/products';
import { type FormEvent, useMemo, useState } from 'react';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { CallsPanel } from '../shop/calls-panel.tsx';
import { CartView } from '../shop/cart-view.tsx';
import { shopMessages } from '../shop/messages.ts';
import { ProductList } from '../shop/product-list.tsx';
import { ProductView } from '../shop/product-view.tsx';
import { type EventType, forgetShopKey, Shop, shopKey } from '../shop/shop.ts';

/** A small shop with the SDK built in: whatever is clicked changes the next list. */
export function ShopPage() {
  const givenKey = useSearch({ strict: false }).key;
  const [key, setKey] = useState(() => shopKey(givenKey));
  return key ? <OpenShop apiKey={key} onLeave={() => setKey(undefined)} /> : <ClosedShop onKey={setKey} />;
}

/** Says what the shop needs before it can open. */
function ClosedShop({ onKey }: { readonly onKey: (key: string) => void }) {
  const text = useText(shopMessages);
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const open = (event: FormEvent) => {
    event.preventDefault();
    const key = shopKey(typed.trim());
    if (key) onKey(key);
    else setWrong(true);
  };
  return (
    <>
      <PageTitle note={text.needsKey}>{text.title}</PageTitle>
      <form onSubmit={open} noValidate className="flex max-w-xl flex-wrap items-end gap-3">
        <div className="min-w-64 flex-1">
          <Field label={text.key} error={wrong ? text.keyWrong : undefined}>
            {(ids) => (
              <input
                {...ids}
                className={`${inputClass} font-mono`}
                value={typed}
                maxLength={120}
                spellCheck={false}
                autoComplete="off"
                onChange={({ target }) => setTyped(target.value)}
              />
            )}
          </Field>
        </div>
        <Button look="strong" type="submit">
          {text.open}
        </Button>
      </form>
    </>
  );
}

function OpenShop({ apiKey, onLeave }: { readonly apiKey: string; readonly onLeave: () => void }) {
  const text = useText(shopMessages);
  const shop = useMemo(() => new Shop(apiKey), [apiKey]);
  const [shown, setShown] = useState<string>();
  const [cart, setCart] = useState<readonly string[]>([]);
  const [clicks, setClicks] = useState(0);
  const product = shown ? productOf(shown) : undefined;

  // The lists are asked for once the event is known, so that they know of it too.
  const did = async (type: EventType, itemIds: readonly string[]) => {
    for (const itemId of itemIds) await shop.did(type, itemId);
    setClicks((count) => count + 1);
  };
  const open = (id: string) => {
    setShown(id);
    window.scrollTo({ top: 0 });
    void did('view', [id]);
  };
  const addToCart = (id: string) => {
    setCart([...cart, id]);
    void did('cart', [id]);
  };
  const buy = () => {
    setCart([]);
    setShown(undefined);
    void did('purchase', cart);
  };
  const another = () => {
    shop.another();
    setCart([]);
    setShown(undefined);
    setClicks((count) => count + 1);
  };
  const leave = () => {
    forgetShopKey();
    onLeave();
  };
  const list = { shop, clicks, onOpen: open };
  return (
    <>
      <PageTitle
        note={text.text}
        actions={
          <>
            <Button onClick={another}>{text.another}</Button>
            <Button onClick={leave}>{text.otherKey}</Button>
          </>
        }
      >
        {text.title}
      </PageTitle>
      <div className="grid gap-8 xl:grid-cols-[1fr_20rem] xl:items-start">
        <div className="min-w-0 space-y-8">
          {product && (
            <>
              <ProductView
                product={product}
                inCart={cart.includes(product.id)}
                onCart={() => addToCart(product.id)}
                onBack={() => setShown(undefined)}
              />
              <ProductList {...list} scenario="similar" itemId={product.id} />
              <ProductList {...list} scenario="bought-together" itemId={product.id} />
            </>
          )}
          {cart.length > 0 && <ProductList {...list} scenario="cart" cart={cart} />}
          <ProductList {...list} scenario="personal" />
          {!product && (
            <>
              <ProductList {...list} scenario="trending" />
              <ProductList {...list} scenario="bestsellers" />
            </>
          )}
          <ProductList {...list} scenario="recently-viewed" />
        </div>
        <div className="space-y-5 xl:sticky xl:top-4">
          <CartView cart={cart} onBuy={buy} />
          <CallsPanel shop={shop} />
        </div>
      </div>
    </>
  );
}
