import { Eye, type LucideIcon, ShoppingBag, ShoppingCart } from 'lucide-react';

/** What stands beside an event of a type. */
export const eventIcons = { view: Eye, cart: ShoppingCart, purchase: ShoppingBag } as const satisfies Record<
  string,
  LucideIcon
>;
