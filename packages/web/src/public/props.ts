import type { tierViewSchema } from '@tenantry/core/contract/public';
import type { Route } from '@tenantry/core/contract/route';
import type { z } from 'zod';
import type { PublicLanguage } from './addresses.ts';
import type { PublicWords } from './words/en.ts';

export type PageName = keyof PublicWords['pages'];
export type TierView = z.output<typeof tierViewSchema>;

/** A route of the API as people read of it. */
export interface ReferenceRoute {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly by: Route['access']['by'];
  /** Who may call it, in a sentence. */
  readonly access: string;
  /** Names of what stands in the path, and of what may stand behind it. */
  readonly params: readonly string[];
  readonly query: readonly string[];
  readonly body: boolean;
  /** JSON. */
  readonly example: string | null;
  readonly errors: readonly string[];
}

/** What pages say that is not theirs to know. */
export interface SiteFacts {
  /** Origin of the site, without a slash at the end. */
  readonly siteUrl: string;
  readonly tiers: readonly TierView[];
  readonly routes: readonly ReferenceRoute[];
  /** CHANGELOG.md. */
  readonly changelog: string;
  /** The day on which the pages were written, as `2026-11-30`. */
  readonly day: string;
}

export interface PageProps {
  readonly name: PageName;
  readonly language: PublicLanguage;
  readonly words: PublicWords;
  readonly facts: SiteFacts;
  /** The address of another page in the same language. */
  readonly link: (name: PageName) => string;
}
