import { request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readAuthorization } from './authorization.ts';
import { expectedSignature, sha256, signingKey } from './signature.ts';
import { crc32Base64, frameChunks, signChunks } from './testing/chunked-upload.ts';
import { presignedRequest, send, signedRequest } from './testing/signed-request.ts';
import { allow, role, startTestCloud, type TestCloud } from './testing/test-cloud.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud({ roles: [role('writer', [allow('s3:*', '*')])], maxBodyBytes: 2000 });
});
afterAll(() => cloud.stop());
afterEach(() => {
  cloud.clock.offset = 0;
});

const getItem = () => ({
  endpoint: cloud.endpoint,
  credentials: cloud.root,
  service: 'dynamodb',
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.GetItem' },
  body: JSON.stringify({ TableName: 'T', Key: { pk: { S: 'a' } } }),
});
const putObject = (body: string | Buffer = 'hello') => ({
  endpoint: cloud.endpoint,
  credentials: cloud.root,
  service: 's3',
  method: 'PUT',
  path: '/bucket/key',
  body,
});

const withBodyHash = () => ({ ...putObject(), headers: { 'x-amz-content-sha256': sha256('hello') } });

describe('a call signed in its headers', () => {
  test('is answered with a request id', async () => {
    const answer = await send(await signedRequest(getItem()));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    ['a changed body', { body: '{"TableName":"Other","Key":{"pk":{"S":"a"}}}' }],
    ['another method', { method: 'PUT' }],
    ['another path', { url: (url: string) => `${url}x` }],
    ['an added query', { url: (url: string) => `${url}?x=1` }],
    ['another target', { headers: { 'x-amz-target': 'DynamoDB_20120810.Scan' } }],
    ['another date', { headers: { 'x-amz-date': '20260101T000000Z' } }],
  ])('with %s is refused', async (_, change: { body?: string; method?: string; url?: unknown; headers?: object }) => {
    const signed = await signedRequest(getItem());
    const answer = await send({
      ...signed,
      method: change.method ?? signed.method,
      body: change.body ?? signed.body,
      url: typeof change.url === 'function' ? change.url(signed.url) : signed.url,
      headers: { ...signed.headers, ...change.headers },
    });
    expect(answer).toMatchObject({ status: 400, code: 'InvalidSignatureException' });
  });

  test('with any digit of its signature changed is refused', async () => {
    const signed = await signedRequest(getItem());
    await fc.assert(
      fc.asyncProperty(fc.nat(63), fc.integer({ min: 1, max: 15 }), async (at, by) => {
        const authorization = (signed.headers.authorization ?? '').replace(/Signature=(.{64})/, (_, digits: string) => {
          const digit = (Number.parseInt(digits.charAt(at), 16) + by) % 16;
          return `Signature=${digits.slice(0, at)}${digit.toString(16)}${digits.slice(at + 1)}`;
        });
        const answer = await send({ ...signed, headers: { ...signed.headers, authorization } });
        expect(answer.code).toBe('InvalidSignatureException');
      }),
      { numRuns: 30 },
    );
  });

  test('with the wrong secret is refused', async () => {
    const credentials = { ...cloud.root, secretAccessKey: 'x'.repeat(40) };
    const answer = await send(await signedRequest({ ...getItem(), credentials }));
    expect(answer).toMatchObject({ status: 400, code: 'InvalidSignatureException' });
  });

  test('with an unknown key is refused', async () => {
    const credentials = { ...cloud.root, accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' };
    const answer = await send(await signedRequest({ ...getItem(), credentials }));
    expect(answer).toMatchObject({ status: 400, code: 'UnrecognizedClientException' });
  });

  test('with temporary credentials but without, or with a forged, session token is refused', async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = await cloud.as('writer');
    const bytes = Buffer.from(sessionToken, 'base64');
    bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
    for (const credentials of [
      { accessKeyId, secretAccessKey },
      { accessKeyId, secretAccessKey, sessionToken: bytes.toString('base64') },
      { accessKeyId, secretAccessKey, sessionToken: (await cloud.as('writer')).sessionToken },
    ]) {
      const answer = await send(await signedRequest({ ...getItem(), credentials }));
      expect(answer.code).toBe('UnrecognizedClientException');
    }
  });

  test('with temporary credentials is refused from the moment that they expire', async () => {
    const credentials = await cloud.as('writer');
    const left = credentials.expiration.getTime() - Date.now();
    const call = async () =>
      send(await signedRequest({ ...putObject(), credentials, signingDate: new Date(cloud.clock.now()) }));
    cloud.clock.offset = left - 2000;
    expect((await call()).status).toBe(200);
    cloud.clock.offset = left;
    expect(await call()).toMatchObject({ status: 400, code: 'ExpiredToken' });
  });

  test('is refused when its clock is off by more than five minutes', async () => {
    const at = async (minutes: number) =>
      (await send(await signedRequest({ ...putObject(), signingDate: new Date(Date.now() + minutes * 60_000) }))).code;
    expect(await at(-4.9)).toBeUndefined();
    expect(await at(4.9)).toBeUndefined();
    expect(await at(-5.1)).toBe('RequestTimeTooSkewed');
    expect(await at(5.1)).toBe('RequestTimeTooSkewed');
  });

  test('is refused when a header that matters was not signed', async () => {
    const signed = await signedRequest(putObject());
    const answer = await send({ ...signed, headers: { ...signed.headers, 'x-amz-meta-owner': 'somebody' } });
    expect(answer).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(answer.text).toContain('not signed');
  });

  test('is refused when it does not sign the host', async () => {
    const signed = await signedRequest(getItem());
    const authorization = (signed.headers.authorization ?? '').replace('host;', '');
    const answer = await send({ ...signed, headers: { ...signed.headers, authorization } });
    expect(answer).toMatchObject({ status: 400, code: 'IncompleteSignatureException' });
  });

  test('is refused for another region', async () => {
    const answer = await send(await signedRequest({ ...getItem(), region: 'eu-west-1' }));
    expect(answer.code).toBe('InvalidSignatureException');
    expect(answer.text).toContain('eu-west-1');
  });

  test('is refused without its body hash, where the service is not S3', async () => {
    const what = getItem();
    const headers = { ...what.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
    const answer = await send(await signedRequest({ ...what, headers }));
    expect(answer.code).toBe('InvalidSignatureException');
  });

  test('for a service that does not run here is told so', async () => {
    const answer = await send(await signedRequest({ ...getItem(), service: 'kinesis' }));
    expect(answer.status).toBe(404);
    expect(answer.text).toContain('kinesis');
  });

  test('with a body beyond the limit is refused before it is read', async () => {
    const answer = await send(await signedRequest({ ...getItem(), body: 'x'.repeat(2001) }));
    expect(answer).toMatchObject({ status: 413, code: 'RequestEntityTooLargeException' });
  });

  test('with a body beyond the limit is refused while it is read, when its length was not told', async () => {
    const { url, headers } = await signedRequest(getItem());
    const { host: _, ...rest } = headers;
    const body = new Blob(['x'.repeat(2001)]).stream();
    expect((await fetch(url, { method: 'POST', headers: rest, body, duplex: 'half' })).status).toBe(413);
  });

  test('is told by S3 when its body is not the one that was hashed', async () => {
    const signed = await signedRequest(withBodyHash());
    expect((await send(signed)).status).toBe(200);
    expect(await send({ ...signed, body: 'other' })).toMatchObject({ status: 400, code: 'XAmzContentSHA256Mismatch' });
  });

  test('is refused with the key of another day, which may have leaked', async () => {
    const signed = await signedRequest(putObject());
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
    const authorization = (signed.headers.authorization ?? '').replace(/\/\d{8}\//, `/${yesterday}/`);
    const http = { method: 'PUT', path: '/bucket/key', query: [], headers: signed.headers, sourceIp: '' };
    const claimed = readAuthorization({ ...http, headers: { ...signed.headers, authorization } });
    if (!claimed) throw new Error('The request is signed.');
    const key = signingKey(cloud.root.secretAccessKey, claimed);
    const signature = expectedSignature(http, claimed, key, sha256('hello'));
    const headers = {
      ...signed.headers,
      authorization: authorization.replace(/Signature=.*/, `Signature=${signature}`),
    };
    expect(await send({ ...signed, headers })).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  });

  test('is refused when a header that matters comes twice', async () => {
    const { url, headers } = await signedRequest(getItem());
    const date = headers['x-amz-date'] ?? '';
    const status = await new Promise((resolve, reject) => {
      httpRequest(url, { method: 'POST', headers: { ...headers, 'x-amz-date': [date, date] } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end(getItem().body);
    });
    expect(status).toBe(400);
  });

  test('may carry any path, query and header that a client can send', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 12 });
    const segment = text.map((part) =>
      encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(segment, { maxLength: 4 }),
        fc.dictionary(
          text.filter((name) => name !== '__proto__' && !/^x-amz/i.test(name)),
          text,
          { maxKeys: 3 },
        ),
        fc.string({ maxLength: 20 }).filter((value) => /^[ -~]*$/.test(value)),
        fc.constantFrom('s3', 'lambda'),
        async (segments, query, header, service) => {
          const path = `/${segments.filter((part) => !/^\.*$/.test(part)).join('/')}`;
          const what = { ...putObject(), service, path: `/b${path}`, query, headers: { 'x-amz-meta-a': header } };
          expect((await send(await signedRequest(what))).code).toBeUndefined();
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a call without a signature', () => {
  test('is refused in the words of the protocol that it seems to speak', async () => {
    const call = (path: string, headers: Record<string, string>, method = 'POST') =>
      send({ method, url: cloud.endpoint + path, headers, body: '' });
    expect(await call('/', getItem().headers)).toMatchObject({
      status: 400,
      code: 'MissingAuthenticationTokenException',
    });
    expect(await call('/', { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({
      status: 403,
      code: 'MissingAuthenticationToken',
    });
    expect(await call('/b/k', {}, 'GET')).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(await call('/private', { 'content-type': 'application/json' })).toMatchObject({
      status: 403,
      code: 'MissingAuthenticationTokenException',
    });
  });

  test('is answered where the engine says that it proves itself otherwise', async () => {
    const answer = await send({ method: 'POST', url: `${cloud.endpoint}/public`, headers: {}, body: 'x' });
    expect(JSON.parse(answer.text)).toEqual({ caller: 'anonymous', body: 'x' });
    const guarded = await send({ method: 'POST', url: `${cloud.endpoint}/public/guarded`, headers: {}, body: 'x' });
    expect(guarded).toMatchObject({ status: 403, code: 'MissingAuthenticationTokenException' });
  });
});

describe('a presigned URL', () => {
  const presigned = (expiresIn = 60) =>
    presignedRequest({ ...putObject(), method: 'GET', body: '', expiresIn, signingDate: new Date() });

  test('is good until it expires', async () => {
    await send(await signedRequest(putObject('content')));
    const url = await presigned();
    expect(await send(url)).toMatchObject({ status: 200, text: 'content' });
    cloud.clock.offset = 59_000;
    expect((await send(url)).status).toBe(200);
    cloud.clock.offset = 62_000;
    expect(await send(url)).toMatchObject({ status: 403, code: 'AccessDenied' });
  });

  test('takes a body that was not known when it was signed, and the headers that were', async () => {
    const what = { ...putObject(''), headers: { 'x-amz-meta-shop': 'a b' }, expiresIn: 60 };
    const url = await presignedRequest(what);
    expect(await send({ ...url, headers: {}, body: 'late' })).toMatchObject({ status: 200 });
    expect(cloud.s3.requests.at(-1)).toMatchObject({ headers: { 'x-amz-meta-shop': 'a b' } });
    expect(cloud.s3.requests.at(-1)?.body.toString()).toBe('late');
    expect([...(cloud.s3.requests.at(-1)?.query.keys() ?? [])]).toEqual([]);
  });

  test.each([
    ['a longer life', (url: string) => url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600')],
    ['another key', (url: string) => url.replace('/bucket/key', '/bucket/other')],
    ['another parameter', (url: string) => `${url}&versionId=1`],
  ])('with %s is refused', async (_, change) => {
    const signed = await presigned();
    expect(await send({ ...signed, url: change(signed.url) })).toMatchObject({ code: 'SignatureDoesNotMatch' });
  });

  test.each([
    ['a parameter of its signature twice', (url: string) => `${url}&X-Amz-Expires=60`],
    ['no signed headers', (url: string) => url.replace('X-Amz-SignedHeaders=host', 'X-Amz-SignedHeaders=')],
    ['a life of zero', (url: string) => url.replace('X-Amz-Expires=60', 'X-Amz-Expires=0')],
    ['a life beyond a week', (url: string) => url.replace('X-Amz-Expires=60', 'X-Amz-Expires=604801')],
  ])('with %s is refused', async (_, change) => {
    const signed = await presigned();
    expect(await send({ ...signed, url: change(signed.url) })).toMatchObject({ code: 'AuthorizationHeaderMalformed' });
  });

  test('together with an authorization header is refused', async () => {
    const { authorization = '' } = (await signedRequest(putObject())).headers;
    const answer = await send({ ...(await presigned()), headers: { authorization } });
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('Only one auth mechanism allowed') });
  });

  test('carries the session token', async () => {
    const credentials = await cloud.as('writer');
    const url = await presignedRequest({ ...putObject(), method: 'GET', body: '', credentials, expiresIn: 60 });
    expect((await send(url)).status).toBe(200);
    expect((await send({ ...url, url: url.url.replace(/&X-Amz-Security-Token=[^&]*/, '') })).code).toBe(
      'InvalidAccessKeyId',
    );
  });
});

describe('a body in chunks', () => {
  const upload = async (options: {
    chunks: Buffer[];
    trailer?: boolean;
    spoil?: (body: Buffer) => Buffer;
    crc?: string;
  }) => {
    const { chunks, trailer = false, spoil = (body) => body, crc = crc32Base64(Buffer.concat(chunks)) } = options;
    const signed = await signedRequest({
      ...putObject(''),
      headers: {
        'x-amz-content-sha256': `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer ? '-TRAILER' : ''}`,
        'x-amz-decoded-content-length': String(Buffer.concat(chunks).length),
        ...(trailer ? { 'x-amz-trailer': 'x-amz-checksum-crc32' } : {}),
      },
    });
    const body = signChunks({
      secretAccessKey: cloud.root.secretAccessKey,
      timestamp: signed.headers['x-amz-date'] ?? '',
      seed: /Signature=(.+)$/.exec(signed.headers.authorization ?? '')?.[1] ?? '',
      chunks,
      ...(trailer ? { trailers: { 'x-amz-checksum-crc32': crc } } : {}),
    });
    return send({ ...signed, body: spoil(body) });
  };
  const chunkList = fc.array(
    fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    { maxLength: 5 },
  );

  test('reaches the engine as it was, however it was cut, with signatures on chunks and trailer', async () => {
    await fc.assert(
      fc.asyncProperty(chunkList, fc.boolean(), async (chunks, trailer) => {
        expect((await upload({ chunks, trailer })).status).toBe(200);
        expect(cloud.s3.requests.at(-1)?.body).toEqual(Buffer.concat(chunks));
      }),
      { numRuns: 40 },
    );
  });

  test('is refused when any byte of it is changed, added or missing', async () => {
    await fc.assert(
      fc.asyncProperty(
        chunkList,
        fc.boolean(),
        fc.nat(9999),
        fc.constantFrom('change', 'add', 'remove'),
        async (chunks, trailer, where, how) => {
          const before = cloud.s3.requests.length;
          const spoil = (body: Buffer) => {
            const at = Math.floor((where / 10_000) * body.length);
            const rest = body.subarray(how === 'add' ? at : at + 1);
            const byte = how === 'remove' ? [] : [(body.readUInt8(at) + 1) % 256];
            return Buffer.concat([body.subarray(0, at), Buffer.from(byte), rest]);
          };
          const answer = await upload({ chunks, trailer, spoil });
          expect(answer.status).toBeGreaterThanOrEqual(400);
          expect(answer.status).toBeLessThan(500);
          expect(cloud.s3.requests.length).toBe(before);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('is refused when anything follows it', async () => {
    for (const trailer of [false, true]) {
      const spoil = (body: Buffer) => Buffer.concat([body, Buffer.from('x')]);
      expect(await upload({ chunks: [Buffer.from('abc')], trailer, spoil })).toMatchObject({ code: 'IncompleteBody' });
    }
  });

  test('is refused when its last chunk is left out', async () => {
    const cut = (body: Buffer) => body.subarray(0, body.lastIndexOf('\r\n0;'));
    expect(await upload({ chunks: [Buffer.from('abc')], spoil: cut })).toMatchObject({ code: 'IncompleteBody' });
  });

  test('is refused when its length or trailing checksum is not as announced, signed or not', async () => {
    const chunks = [Buffer.from('abc')];
    const wrong = crc32Base64(Buffer.from('abd'));
    expect(await upload({ chunks, trailer: true, crc: wrong })).toMatchObject({ status: 400, code: 'BadDigest' });
    const unsigned = async (trailers: Record<string, string>, length = 3) => {
      const signed = await signedRequest({
        ...putObject(''),
        headers: {
          'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
          'x-amz-decoded-content-length': String(length),
          'x-amz-trailer': 'x-amz-checksum-crc32',
        },
      });
      return send({ ...signed, body: frameChunks(chunks, trailers) });
    };
    expect((await unsigned({ 'x-amz-checksum-crc32': crc32Base64(Buffer.from('abc')) })).status).toBe(200);
    expect((await unsigned({ 'x-amz-checksum-crc32': wrong })).code).toBe('BadDigest');
    expect((await unsigned({ 'x-amz-checksum-crc32': crc32Base64(Buffer.from('abc')) }, 4)).code).toBe(
      'IncompleteBody',
    );
    expect((await unsigned({})).code).toBe('MalformedTrailerError');
    expect((await unsigned({ 'x-amz-checksum-sha1': 'x' })).code).toBe('MalformedTrailerError');
  });
});
