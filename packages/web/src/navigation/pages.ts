import type { RouteId } from '@tenantry/core/contract/routes';
import { Building2, CreditCard, KeyRound, LayoutDashboard, type LucideIcon, Users } from 'lucide-react';
import type { PageName, SectionName } from './messages.ts';

/** One entry of a menu. */
export interface PageLink {
  readonly name: PageName;
  readonly to: string;
  readonly icon: LucideIcon;
  /** The route that the page lives on: whoever the contract refuses it does not find the page in the menu. */
  readonly needs: RouteId;
}

export interface Section {
  /** Without a name: what comes first. */
  readonly name?: SectionName;
  readonly pages: readonly PageLink[];
}

/** The menu of a company's console, in the order in which a founder needs it. */
export const consoleSections: readonly Section[] = [
  {
    pages: [{ name: 'dashboard', to: '/dashboard', icon: LayoutDashboard, needs: 'getActivity' }],
  },
  {
    name: 'company',
    pages: [
      { name: 'users', to: '/users', icon: Users, needs: 'listUsers' },
      { name: 'sso', to: '/sso', icon: KeyRound, needs: 'getSso' },
      { name: 'billing', to: '/billing', icon: CreditCard, needs: 'getBilling' },
    ],
  },
];

/** The menu of the provider's staff. */
export const staffSections: readonly Section[] = [
  {
    name: 'business',
    pages: [{ name: 'companies', to: '/operator', icon: Building2, needs: 'listTenants' }],
  },
];
