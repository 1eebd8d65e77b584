import type { RouteId } from '@tenantry/core/contract/routes';
import {
  Boxes,
  BrainCircuit,
  Building2,
  ChartColumn,
  ChartNoAxesColumn,
  Clock,
  CreditCard,
  Download,
  Eraser,
  Fingerprint,
  Flag,
  FlaskConical,
  Gauge,
  KeyRound,
  LayoutDashboard,
  ListOrdered,
  type LucideIcon,
  Megaphone,
  Package,
  Plug,
  Radio,
  Scale,
  ScrollText,
  Settings,
  Telescope,
  Users,
  Webhook,
} from 'lucide-react';
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
    pages: [
      { name: 'dashboard', to: '/dashboard', icon: LayoutDashboard, needs: 'getActivity' },
      { name: 'live', to: '/live', icon: Radio, needs: 'listRecentEvents' },
    ],
  },
  {
    name: 'product',
    pages: [
      { name: 'explorer', to: '/explorer', icon: Telescope, needs: 'previewRecommendations' },
      { name: 'models', to: '/models', icon: BrainCircuit, needs: 'listModels' },
      { name: 'catalogue', to: '/catalogue', icon: Package, needs: 'browseItems' },
      { name: 'rules', to: '/rules', icon: ListOrdered, needs: 'getRules' },
      { name: 'performance', to: '/performance', icon: ChartNoAxesColumn, needs: 'getPerformance' },
      { name: 'experiments', to: '/experiments', icon: FlaskConical, needs: 'getExperiment' },
    ],
  },
  {
    name: 'connect',
    pages: [
      { name: 'connect', to: '/connect', icon: Plug, needs: 'createApiKey' },
      { name: 'keys', to: '/keys', icon: KeyRound, needs: 'listApiKeys' },
      { name: 'webhooks', to: '/settings/webhooks', icon: Webhook, needs: 'listWebhooks' },
    ],
  },
  {
    name: 'company',
    pages: [
      { name: 'users', to: '/users', icon: Users, needs: 'listUsers' },
      { name: 'sso', to: '/sso', icon: Fingerprint, needs: 'getSso' },
      { name: 'usage', to: '/usage', icon: Gauge, needs: 'getUsage' },
      { name: 'billing', to: '/billing', icon: CreditCard, needs: 'getBilling' },
      { name: 'exports', to: '/exports', icon: Download, needs: 'listExports' },
      { name: 'erasures', to: '/erasures', icon: Eraser, needs: 'listErasures' },
      { name: 'audit', to: '/audit', icon: ScrollText, needs: 'listAudit' },
      { name: 'settings', to: '/settings', icon: Settings, needs: 'getTenant' },
    ],
  },
];

/** The menu of the provider's staff. */
export const staffSections: readonly Section[] = [
  {
    name: 'business',
    pages: [
      { name: 'companies', to: '/operator', icon: Building2, needs: 'listTenants' },
      { name: 'finance', to: '/operator/finance', icon: ChartColumn, needs: 'readFinance' },
      { name: 'announcements', to: '/operator/announcements', icon: Megaphone, needs: 'listAnnouncements' },
    ],
  },
  {
    name: 'operations',
    pages: [
      { name: 'jobs', to: '/operator/jobs', icon: Clock, needs: 'listJobs' },
      { name: 'fleet', to: '/operator/fleet', icon: Boxes, needs: 'listSilos' },
      { name: 'reconciliation', to: '/operator/reconciliation', icon: Scale, needs: 'readReconciliation' },
      { name: 'flags', to: '/operator/flags', icon: Flag, needs: 'listFlags' },
    ],
  },
];
