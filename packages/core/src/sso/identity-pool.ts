import type { SsoPerson } from './settings.ts';

/** What the user pool needs to know of a provider. Secrets go in and never come out. */
export type ProviderDetails =
  | {
      readonly kind: 'oidc';
      readonly issuer: string;
      readonly clientId: string;
      readonly clientSecret: string;
    }
  /** One of both. */
  | { readonly kind: 'saml'; readonly metadataUrl?: string | undefined; readonly metadata?: string | undefined };

/** The user pool, as far as single sign-on changes it. Each call is safe to repeat. */
export interface IdentityPool {
  /**
   * Makes the provider or changes it, and lets the site's client offer it.
   * @throws {DomainError} `invalid_request` when the pool cannot use it, `limit_reached`, `unavailable`
   */
  save(name: string, details: ProviderDetails): Promise<void>;
  /** Takes the provider away; one that is gone is as good as taken away. */
  remove(name: string): Promise<void>;
  /** Ends all sessions of somebody who has a password, wherever they are. Access tokens last for what is left of them. */
  signOut(person: Pick<SsoPerson, 'sub'>): Promise<void>;
  /** Parts somebody from the provider: a user that was linked stays, one that came by the provider goes. */
  part(name: string, person: SsoPerson): Promise<void>;
}
