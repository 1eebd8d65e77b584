import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { claimDomain, removeDomain, verifyDomain } from '@tenantry/core/sso/domains';
import { recordNameOf } from '@tenantry/core/sso/mail-domain';
import { changeProvider, removeProvider, saveProvider } from '@tenantry/core/sso/provider';
import { providerNameOf } from '@tenantry/core/sso/provider-name';
import { type ClaimedDomain, includesSso, lapsesAt, readSso } from '@tenantry/core/sso/settings';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import { assertSso } from '@tenantry/core/tier/entitlements';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { createIdentityPool } from '../identity-pool.ts';
import { createApi } from '../middleware/api.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope, type Scoped } from '../scoped/scope.ts';
import { createTextLookUp } from '../text-records.ts';

const environment = readEnvironment({
  USER_POOL_ID: required,
  CLIENT_ID: required,
  LOGIN_URL: required,
  /** The label below a domain at which its text record is looked for. */
  DOMAIN_RECORD: required,
  /** Set on a developer's own machine: where text records are asked for, and whose provider there is taken. */
  DNS_SERVER: z.string().optional(),
  TRUSTED_PROVIDER: z.string().optional(),
});
const { USER_POOL_ID, CLIENT_ID, LOGIN_URL, DOMAIN_RECORD, DNS_SERVER, TRUSTED_PROVIDER } = environment;

const pool = createIdentityPool(new CognitoIdentityProviderClient({}), { poolId: USER_POOL_ID, clientId: CLIENT_ID });
const lookUp = createTextLookUp(DNS_SERVER);
/** The function's own role reaches who owns a domain and rows of users; those of the company are reached with its credentials. */
const { Control: owned } = ownTables('api/sso');

const tablesOf = ({ 'tenant-sso': { Control, Audit } }: Scoped<'api/sso'>) => ({
  control: Control,
  auditTable: Audit.name,
  owned,
  users: owned,
});

const domainView = (claimed: ClaimedDomain) => {
  const { domain, status, claimedAt, verifiedAt, token } = claimed;
  return {
    domain,
    status,
    claimedAt,
    verifiedAt: verifiedAt ?? null,
    lapsesAt: lapsesAt(claimed) ?? null,
    record: { name: recordNameOf(DOMAIN_RECORD, domain), value: token },
  };
};

async function view({ tenant, scoped }: { readonly tenant: Tenant; readonly scoped: Scoped<'api/sso'> }) {
  const { domains, provider, people } = await readSso(scoped['tenant-sso'].Control, tenant.tenantId);
  const { status, enforced, defaultRole, savedAt } = provider ?? {};
  return {
    included: includesSso(tenant),
    setup: {
      redirectUri: `${LOGIN_URL}/oauth2/idpresponse`,
      acsUrl: `${LOGIN_URL}/saml2/idpresponse`,
      entityId: `urn:amazon:cognito:sp:${USER_POOL_ID}`,
    },
    providerName: providerNameOf(tenant.tenantId),
    domains: domains.map(domainView),
    provider:
      provider && status && defaultRole && savedAt
        ? {
            kind: provider.kind,
            status,
            issuer: provider.kind === 'oidc' ? provider.issuer : null,
            clientId: provider.kind === 'oidc' ? provider.clientId : null,
            metadataUrl: provider.kind === 'saml' ? (provider.metadataUrl ?? null) : null,
            enforced: enforced ?? false,
            defaultRole,
            savedAt,
          }
        : null,
    people: people.length,
  };
}

export const handler = createApi('sso', createScope('api/sso'), {
  getSso: view,
  claimSsoDomain: async ({ body, tenant, actor, scoped, now }) => {
    assertSso(tenant.tier);
    return domainView(await claimDomain(tablesOf(scoped), body.domain, { actor, at: now }));
  },
  verifySsoDomain: async ({ params: { domain }, tenant, actor, scoped, now }) => {
    assertSso(tenant.tier);
    const wanted = { domain, recordLabel: DOMAIN_RECORD, lookUp };
    return domainView(await verifyDomain(tablesOf(scoped), wanted, { actor, at: now }));
  },
  removeSsoDomain: async ({ params, actor, scoped, now }) => {
    await removeDomain(tablesOf(scoped), params.domain, { actor, at: now });
    return undefined;
  },
  saveSsoProvider: async ({ body, tenant, actor, scoped, now }) => {
    assertSso(tenant.tier);
    const wanted = { details: body, pool, trustedOrigin: TRUSTED_PROVIDER };
    await saveProvider(tablesOf(scoped), wanted, { actor, at: now });
    return view({ tenant, scoped });
  },
  changeSsoProvider: async ({ body, tenant, actor, scoped, now }) => {
    assertSso(tenant.tier);
    await changeProvider(tablesOf(scoped), { pool, change: body }, { actor, at: now });
    return view({ tenant, scoped });
  },
  removeSsoProvider: async ({ actor, scoped, now }) => {
    await removeProvider(tablesOf(scoped), pool, { actor, at: now });
    return undefined;
  },
});
