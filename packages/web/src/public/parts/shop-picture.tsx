import { type Product, productOf } from '@tenantry/core/contract/demo-shop/products';
import { ProductPicture } from '../../shop/picture.tsx';
import type { PublicLanguage } from '../addresses.ts';
import type { PublicWords } from '../words/en.ts';

const LOOKED_AT = 'lamp-amber';
const SIMILAR = ['lamp-saffron', 'clock-amber', 'lamp-birch'] as const;

const call = `POST /v1/recommendations
{ "scenario": "similar", "itemId": "${LOOKED_AT}" }

200
{ "items": [
  { "itemId": "${SIMILAR[0]}", "because": "${LOOKED_AT}" },
  { "itemId": "${SIMILAR[1]}", "because": "${LOOKED_AT}" },
  { "itemId": "${SIMILAR[2]}", "because": "${LOOKED_AT}" } ] }`;

const Item = ({ product, language }: { readonly product: Product; readonly language: PublicLanguage }) => (
  <div className="min-w-0 rounded-lg border border-line bg-page p-2 text-center">
    <ProductPicture product={product} className="mx-auto size-16 sm:size-20" />
    <span className="text-sm">{product.title[language]}</span>
  </div>
);

/** What the demo shop shows after one click, drawn from its own products, beside the call that brought it. */
export function ShopPicture({
  said,
  language,
}: {
  readonly said: PublicWords['landing'];
  readonly language: PublicLanguage;
}) {
  const found = (id: string): Product[] => {
    const product = productOf(id);
    return product ? [product] : [];
  };
  return (
    <figure className="min-w-0 space-y-3">
      <div className="grid gap-4 rounded-xl border border-line bg-panel p-4 sm:grid-cols-[1fr_3fr] sm:p-6">
        <div className="space-y-2">
          <p className="text-sm text-soft">{said.lookedAt}</p>
          {found(LOOKED_AT).map((product) => (
            <Item key={product.id} product={product} language={language} />
          ))}
        </div>
        <div className="space-y-2">
          <p className="text-sm text-soft">{said.similar}</p>
          <div className="grid grid-cols-3 gap-2">
            {SIMILAR.flatMap(found).map((product) => (
              <Item key={product.id} product={product} language={language} />
            ))}
          </div>
        </div>
        <pre className="rounded-lg bg-page p-4 font-mono text-xs leading-relaxed wrap-anywhere whitespace-pre-wrap sm:col-span-2">
          {call}
        </pre>
      </div>
      <figcaption className="text-sm text-soft">{said.pictureNote}</figcaption>
    </figure>
  );
}
