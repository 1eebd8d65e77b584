import {
  CognitoIdentityProviderClient,
  CreateIdentityProviderCommand,
  ListIdentityProvidersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { localClient } from '@tenantry/local/identity-provider/people';
import { resourceNamed } from '@tenantry/local/program/graph';
import type { Founder, TestCloud } from './test-cloud.ts';

/** The user pool, as an administrator of the account reaches it. */
export const poolClient = ({ cloud }: TestCloud) =>
  new CognitoIdentityProviderClient({
    endpoint: cloud.urls.aws,
    region: 'us-east-1',
    credentials: cloud.rootCredentials,
  });

export const poolId = ({ cloud }: TestCloud): string =>
  resourceNamed(cloud.graph, 'aws:cognito/userPool:UserPool', 'UsersUserPool').id;

/** The providers that the user pool has, whoever they belong to. */
export async function providersOf(test: TestCloud): Promise<readonly (string | undefined)[]> {
  const client = poolClient(test);
  const { Providers = [] } = await client.send(new ListIdentityProvidersCommand({ UserPoolId: poolId(test) }));
  client.destroy();
  return Providers.map(({ ProviderName }) => ProviderName);
}

/** A provider that a run which went wrong half-way left in the pool. */
export async function leaveProvider(test: TestCloud, ProviderName: string): Promise<void> {
  const client = poolClient(test);
  const { issuer, clientId, clientSecret } = providerBody(test, 'left');
  await client.send(
    new CreateIdentityProviderCommand({
      UserPoolId: poolId(test),
      ProviderName,
      ProviderType: 'OIDC',
      ProviderDetails: {
        oidc_issuer: issuer,
        client_id: clientId,
        client_secret: clientSecret,
        authorize_scopes: 'openid',
        attributes_request_method: 'GET',
      },
    }),
  );
  client.destroy();
}

/** What a company tells of its provider: a realm of the local one. */
export const providerBody = (test: TestCloud, realm: string) => ({
  kind: 'oidc' as const,
  issuer: `${test.cloud.urls.identity}/${realm}`,
  clientId: localClient.id,
  clientSecret: localClient.secret,
});

/** Claims a domain and proves it by a text record. */
export async function verifyDomain(test: TestCloud, { person }: Founder, domain: string): Promise<void> {
  const bearer = person.accessToken;
  const { record } = await person.api('claimSsoDomain', { bearer, body: { domain } });
  test.cloud.dns.add(record);
  await person.api('verifySsoDomain', { bearer, params: { domain } });
}

/** Gives a company, of a tier that has single sign-on, a verified domain and a provider of its own. @returns the provider's name at the sign-in */
export async function withSso(test: TestCloud, founder: Founder, domain: string): Promise<string> {
  await verifyDomain(test, founder, domain);
  const { providerName } = await founder.person.api('saveSsoProvider', {
    bearer: founder.person.accessToken,
    body: providerBody(test, founder.slug),
  });
  return providerName;
}
