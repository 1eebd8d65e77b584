import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** A key is good for a day, and costs four times what a signature does; as an object it need not be prepared each time. */
let kept: { readonly of: string; readonly key: KeyObject } | undefined;

function signingKey({ secretAccessKey }: SigningCredentials, day: string, region: string, service: string): KeyObject {
  const of = `${secretAccessKey} ${day} ${region} ${service}`;
  if (kept?.of !== of) {
    const key = [region, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${secretAccessKey}`, day));
    kept = { of, key: createSecretKey(key) };
  }
  return kept.key;
}

/**
 * Signs a POST to `/` by AWS Signature Version 4: what every service with a JSON protocol takes.
 * @param request.headers names in lower case and in their order, with `host`; all of them are signed
 * @returns the headers to send
 */
export function signPost(request: {
  readonly service: string;
  readonly region: string;
  readonly credentials: SigningCredentials;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly at: Date;
}): Record<string, string> {
  const { service, region, credentials, body, at } = request;
  const { accessKeyId, sessionToken } = credentials;
  const time = `${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const day = time.slice(0, 8);
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amz-date': time,
    ...(sessionToken ? { 'x-amz-security-token': sessionToken } : {}),
  };
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const signed = names.join(';');
  const canonical = `POST\n/\n\n${lines}\n${signed}\n${hash('sha256', body, 'hex')}`;
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', canonical, 'hex')}`;
  const signature = createHmac('sha256', signingKey(credentials, day, region, service))
    .update(text)
    .digest('hex');
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
  return headers;
}
