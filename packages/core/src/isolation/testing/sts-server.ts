import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { STSClient } from '@aws-sdk/client-sts';

/** One `AssumeRole` as it came over the wire. */
export interface StsCall {
  /** Its place among all calls, from 1 on. */
  readonly serial: number;
  readonly parameters: Readonly<Record<string, string>>;
  /** Session tags by name. */
  readonly tags: Readonly<Record<string, string>>;
}

/** When the credentials expire, in milliseconds since the epoch, or a refusal. */
export type StsAnswer = { readonly expiresAt: number } | 'AccessDenied';

export type StsServer = Awaited<ReturnType<typeof startStsServer>>;

/** What STS does on the wire. The access key of its nth call is `ASIA<n>`. */
export async function startStsServer(answer: (call: StsCall) => Promise<StsAnswer> | StsAnswer) {
  const calls: StsCall[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const parameters = Object.fromEntries(new URLSearchParams(body));
    const call = { serial: calls.length + 1, parameters, tags: tagsOf(parameters) };
    calls.push(call);
    const answered = await answer(call);
    response.writeHead(answered === 'AccessDenied' ? 403 : 200, { 'content-type': 'text/xml' });
    response.end(answered === 'AccessDenied' ? refusal : credentials(call.serial, answered.expiresAt));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new STSClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
  return {
    client,
    calls: calls as readonly StsCall[],
    close(): void {
      client.destroy();
      server.close();
      server.closeAllConnections();
    },
  };
}

function tagsOf(parameters: Readonly<Record<string, string>>): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const [name, key] of Object.entries(parameters)) {
    const [, place] = /^Tags\.member\.(\d+)\.Key$/.exec(name) ?? [];
    if (place) tags[key] = parameters[`Tags.member.${place}.Value`] ?? '';
  }
  return tags;
}

const refusal =
  '<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not this role.</Message></Error></ErrorResponse>';

const credentials = (serial: number, expiresAt: number): string =>
  `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA${serial}</AccessKeyId>` +
  '<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>' +
  `<Expiration>${new Date(expiresAt).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
