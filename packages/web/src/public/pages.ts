import type { ComponentType } from 'react';
import { ApiReferencePage } from './pages/api-reference.tsx';
import { ChangelogPage } from './pages/changelog.tsx';
import { GuidePage } from './pages/guide.tsx';
import { LandingPage } from './pages/landing.tsx';
import { LegalPage } from './pages/legal.tsx';
import { PricingPage } from './pages/pricing.tsx';
import { SdkPage } from './pages/sdk.tsx';
import { StatusPage } from './pages/status.tsx';
import type { PageName, PageProps } from './props.ts';
import type { ClientScript } from './scripts.ts';

export interface PublicPage {
  /** Without the language. */
  readonly path: `/${string}`;
  readonly Page: ComponentType<PageProps>;
  /** What the page needs a script for, beside what every page has. */
  readonly script?: ClientScript;
}

/** The pages that are written when the site is built, each in every language. */
export const publicPages = {
  landing: { path: '/', Page: LandingPage },
  pricing: { path: '/pricing', Page: PricingPage },
  guide: { path: '/guide', Page: GuidePage },
  sdk: { path: '/guide/sdk', Page: SdkPage, script: 'try-sdk' },
  api: { path: '/guide/api', Page: ApiReferencePage, script: 'try-api' },
  status: { path: '/status', Page: StatusPage, script: 'live-status' },
  changelog: { path: '/changelog', Page: ChangelogPage },
  terms: { path: '/legal/terms', Page: LegalPage },
  privacy: { path: '/legal/privacy', Page: LegalPage },
  'data-processing': { path: '/legal/data-processing', Page: LegalPage },
  imprint: { path: '/legal/imprint', Page: LegalPage },
} as const satisfies Readonly<Record<PageName, PublicPage>>;

export const pageNames = Object.keys(publicPages) as readonly PageName[];
