import {
  CreateIdentityProviderCommand,
  DescribeUserPoolClientCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDns } from '../../dns/dns-server.ts';
import { startIdentityProvider } from '../../identity-provider/server.ts';
import type { HostedUiVisitor, Visited } from '../hosted/visitor.ts';
import { CLIENT_ID, claimsOf, Lab, POOL_ID } from '../testing/lab.ts';

let lab: Lab;
const port = 31_000 + (process.pid % 8_000);
const POOL = { UserPoolId: POOL_ID };

const create = (name: string, details: Record<string, string>) =>
  new CreateIdentityProviderCommand({
    ...POOL,
    ProviderName: name,
    ProviderType: 'SAML',
    ProviderDetails: details,
    AttributeMapping: { email: 'email', name: 'name' },
  });

beforeEach(async () => {
  lab = await Lab.open();
  lab.now = Date.now();
  const dns = await startDns(lab.dir, port);
  const acsUrls = [`${lab.hosted.url}/saml2/idpresponse`];
  const provider = await startIdentityProvider({ port, redirectUris: [], acsUrls, dns });
  for (const realm of ['acme', 'other']) {
    await lab.sdk.send(create(realm, { MetadataURL: `http://localhost:${port}/${realm}/saml/metadata` }));
  }
  const { UserPoolClient } = await lab.sdk.send(new DescribeUserPoolClientCommand({ ...POOL, ClientId: CLIENT_ID }));
  const SupportedIdentityProviders = ['COGNITO', 'acme', 'other'];
  await lab.sdk.send(
    new UpdateUserPoolClientCommand({ ...UserPoolClient, ...POOL, ClientId: CLIENT_ID, SupportedIdentityProviders }),
  );
  return async () => {
    await provider.close();
    await dns.close();
  };
});
afterEach(() => lab.close());

const hidden = (body: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1] ?? '';

/** What the provider has the browser post, for somebody who signs in there. */
async function responseFor(visitor: HostedUiVisitor, realm: string, person: Record<string, string>) {
  const page = await visitor.open('/oauth2/authorize', { identity_provider: realm });
  const answer = await fetch(page.url, { method: 'POST', body: new URLSearchParams(person) });
  const body = await answer.text();
  return { SAMLResponse: hidden(body, 'SAMLResponse'), RelayState: hidden(body, 'RelayState') };
}

const post = (visitor: HostedUiVisitor, fields: Record<string, string>): Promise<Visited> =>
  visitor.resume(new URL(`${lab.hosted.url}/saml2/idpresponse`), new URLSearchParams(fields));

/** The response with another text in it. */
const changed = (response: string, change: (xml: string) => string): string =>
  Buffer.from(change(Buffer.from(response, 'base64').toString('utf8'))).toString('base64');

describe('a sign-in by SAML', () => {
  it('makes a user of what the signed assertion says', async () => {
    const visitor = lab.visitor();
    const fields = await responseFor(visitor, 'acme', { email: 'ada@acme.test', subject: 's-1' });
    const tokens = await visitor.exchange(visitor.redeemable(await post(visitor, fields)));
    expect(claimsOf(tokens.id_token)).toMatchObject({
      'cognito:username': 'acme_s-1',
      email: 'ada@acme.test',
      identities: [{ providerName: 'acme', providerType: 'SAML', userId: 's-1' }],
    });
  });

  it('takes nothing that was changed, wrapped, unsigned, made for another request or signed by another provider', async () => {
    const evil = (xml: string) => xml.replaceAll('ada@acme.test', 'eve@acme.test');
    const assertionIn = (xml: string) => /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(xml)?.[0] ?? '';
    const unsigned = (xml: string) => xml.replace(/<Signature[\s\S]*<\/Signature>/, '');
    const attacks: readonly ((xml: string) => string)[] = [
      evil,
      unsigned,
      (xml) => evil(unsigned(xml)),
      // A forged assertion before, after and around the one that is signed.
      (xml) =>
        xml.replace(
          '<saml:Assertion',
          () => `${unsigned(evil(assertionIn(xml))).replace(/ID="[^"]*"/, 'ID="_evil"')}<saml:Assertion`,
        ),
      (xml) =>
        xml.replace(
          '</samlp:Response>',
          () => `${unsigned(evil(assertionIn(xml))).replace(/ID="[^"]*"/, 'ID="_evil"')}</samlp:Response>`,
        ),
      (xml) => {
        const signed = assertionIn(xml);
        const around = unsigned(evil(signed)).replace(/ID="[^"]*"/, 'ID="_evil"');
        const advice = `<saml:Advice>${signed}</saml:Advice></saml:Assertion>`;
        return xml.replace(signed, () => around.replace('</saml:Assertion>', () => advice));
      },
      (xml) => `<!DOCTYPE x [<!ENTITY y "z">]>${xml}`,
      (xml) => xml.replace('rsa-sha256', 'rsa-sha1'),
      (xml) => xml.replace('status:Success', 'status:Requester'),
      () => 'not xml',
      () => '',
    ];
    for (const [index, attack] of attacks.entries()) {
      const visitor = lab.visitor();
      const fields = await responseFor(visitor, 'acme', { email: 'ada@acme.test', subject: `s-${index}` });
      const visited = await post(visitor, { ...fields, SAMLResponse: changed(fields.SAMLResponse, attack) });
      const code = visited.returned?.get('code');
      // What stands beside the signed assertion is never read.
      if (code) {
        const tokens = await visitor.exchange(visitor.redeemable(visited));
        expect(claimsOf(tokens.id_token).email, String(index)).toBe('ada@acme.test');
      } else expect(visited.returned?.get('error_description'), String(index)).toMatch(/^Error in SAML response/);
    }
    const [one, two] = [lab.visitor(), lab.visitor()];
    const [first, second] = [
      await responseFor(one, 'acme', { email: 'ada@acme.test' }),
      await responseFor(two, 'other', { email: 'ada@acme.test' }),
    ];
    for (const foreign of [second.SAMLResponse]) {
      const visited = await post(one, { ...first, SAMLResponse: foreign });
      expect(visited.returned?.get('error_description')).toMatch(/^Error in SAML response/);
    }
    const third = lab.visitor();
    const { RelayState } = await responseFor(third, 'acme', { email: 'ada@acme.test' });
    const visited = await post(third, { RelayState, SAMLResponse: first.SAMLResponse });
    expect(visited.returned?.get('error_description')).toMatch(/another request/);
  });

  it('is over when the assertion is', async () => {
    const visitor = lab.visitor();
    const fields = await responseFor(visitor, 'acme', { email: 'ada@acme.test' });
    lab.now += 8 * 60_000;
    expect((await post(visitor, fields)).returned?.get('error_description')).toMatch(/not good any more/);
  });

  it('takes metadata that describe a provider, and no other document', async () => {
    const text = await (await fetch(`http://localhost:${port}/third/saml/metadata`)).text();
    await lab.sdk.send(create('third', { MetadataFile: text }));
    for (const MetadataFile of [
      '',
      '<x/>',
      text.replace('X509Certificate>', 'Other>'),
      text.replace('HTTP-Redirect', 'HTTP-POST'),
    ]) {
      const refused = lab.sdk.send(create('fourth', { MetadataFile }));
      await expect(refused, MetadataFile.slice(0, 40)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    }
  });
});
