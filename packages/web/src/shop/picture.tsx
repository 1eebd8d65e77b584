import type { Aisle, Product } from '@tenantry/core/contract/demo-shop/products';
import type { ReactNode } from 'react';

/** Each aisle's shape, in a square of 100; `main` and `dark` are the product's colours. */
const shapes: Readonly<Record<Aisle, (main: string, dark: string) => ReactNode>> = {
  lamp: (main, dark) => (
    <>
      <path d="M34 20h32l12 34H22z" fill={main} />
      <path d="M47 54h6v28h-6z" fill={dark} />
      <ellipse cx="50" cy="84" rx="18" ry="5" fill={dark} />
    </>
  ),
  chair: (main, dark) => (
    <>
      <rect x="30" y="16" width="40" height="40" rx="8" fill={main} />
      <rect x="26" y="52" width="48" height="12" rx="5" fill={dark} />
      <path d="M30 64h6l-4 22h-5zM64 64h6l3 22h-5z" fill={dark} />
    </>
  ),
  mug: (main, dark) => (
    <>
      <path d="M28 28h40v42a10 10 0 0 1-10 10H38a10 10 0 0 1-10-10z" fill={main} />
      <path d="M68 38h6a10 10 0 0 1 0 24h-6" fill="none" stroke={dark} strokeWidth="6" />
      <ellipse cx="48" cy="28" rx="20" ry="5" fill={dark} />
    </>
  ),
  plant: (main, dark) => (
    <>
      <path d="M50 60C30 52 26 34 32 20c14 6 20 20 18 40zM50 60c16-4 24-18 22-32-14 2-22 14-22 32z" fill={main} />
      <path d="M34 60h32l-5 26H39z" fill={dark} />
    </>
  ),
  rug: (main, dark) => (
    <>
      <rect x="16" y="28" width="68" height="44" rx="4" fill={main} />
      <rect x="24" y="36" width="52" height="28" rx="3" fill="none" stroke={dark} strokeWidth="4" />
      <path d="M16 28v44M84 28v44" stroke={dark} strokeWidth="5" strokeDasharray="3 4" />
    </>
  ),
  clock: (main, dark) => (
    <>
      <circle cx="50" cy="50" r="34" fill={main} />
      <circle cx="50" cy="50" r="26" fill="#ffffff" />
      <path d="M50 32v18l12 8" fill="none" stroke={dark} strokeWidth="5" strokeLinecap="round" />
    </>
  ),
  cushion: (main, dark) => (
    <>
      <path d="M20 22c18 6 42 6 60 0-5 18-5 38 0 56-18-6-42-6-60 0 5-18 5-38 0-56z" fill={main} />
      <path d="M38 38l24 24M62 38L38 62" stroke={dark} strokeWidth="4" strokeLinecap="round" />
    </>
  ),
  shelf: (main, dark) => (
    <>
      <path d="M18 34h64v7H18zM18 66h64v7H18z" fill={dark} />
      <rect x="26" y="16" width="9" height="18" fill={main} />
      <rect x="38" y="20" width="9" height="14" fill={main} />
      <rect x="58" y="46" width="14" height="20" rx="3" fill={main} />
    </>
  ),
};

/** A drawing of a product; its name is said beside it. */
export function ProductPicture({ product, className }: { readonly product: Product; readonly className?: string }) {
  const { aisle, hue } = product;
  return (
    <svg viewBox="0 0 100 100" aria-hidden="true" className={className}>
      <rect width="100" height="100" fill={`hsl(${hue} 45% 92%)`} />
      {shapes[aisle](`hsl(${hue} 52% 58%)`, `hsl(${hue} 40% 36%)`)}
    </svg>
  );
}
