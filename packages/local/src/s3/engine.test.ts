import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createS3Engine, type S3Engine } from './engine.ts';
import { type Harness, serve } from './testing/harness.ts';

const options = { accountId: '000000000000', region: 'us-east-1' };
const Bucket = 'models';
let dir: string;
let engine: S3Engine;
let harness: Harness;
let s3: S3Client;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 's3-'));
  engine = await createS3Engine({ dir, ...options });
  engine.ensureBucket(Bucket);
  harness = await serve(engine);
  s3 = new S3Client({
    endpoint: harness.url,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
});

afterAll(async () => {
  s3.destroy();
  await harness.close();
  await engine.close();
  rmSync(dir, { recursive: true });
});

const put = (Key: string, Body: string, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const read = async (Key: string, more: object = {}) => {
  const answer = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...answer, text: await answer.Body?.transformToString() };
};
const blobs = () => readdirSync(join(dir, 's3', 'blobs'));

describe('objects', () => {
  test('what was put is got back with its headers, metadata, tag and checksum', async () => {
    const written = await put('ten_1/v1/model.bin', 'content', {
      ContentType: 'application/x-model',
      Metadata: { trained: 'yes' },
      CacheControl: 'no-store',
    });
    expect(written.ETag).toBe('"9a0364b9e99bb480dd25e1f0284c8555"');
    expect(written.ChecksumCRC32).toBeDefined();
    const got = await read('ten_1/v1/model.bin');
    expect(got).toMatchObject({
      text: 'content',
      ContentType: 'application/x-model',
      CacheControl: 'no-store',
      Metadata: { trained: 'yes' },
      ContentLength: 7,
      ChecksumCRC32: written.ChecksumCRC32,
    });
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'ten_1/v1/model.bin' }));
    expect(head).toMatchObject({ ContentLength: 7, ETag: written.ETag });
    expect(harness.required).toEqual([{ action: 's3:GetObject', resource: 'arn:aws:s3:::models/ten_1/v1/model.bin' }]);
  });

  test('a streamed body arrives whole', async () => {
    await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'stream',
        Body: Readable.from([Buffer.from('ab'), Buffer.from('cd')]),
        ContentLength: 4,
      }),
    );
    expect((await read('stream')).text).toBe('abcd');
  });

  test.each(['crc32', 'crc32c', 'sha1', 'sha256'])(
    'a body that does not match its %s is refused and nothing is stored',
    async (algorithm) => {
      const bad = { [`x-amz-checksum-${algorithm}`]: 'AAAAAA==' };
      const response = await fetch(`${harness.url}/${Bucket}/damaged`, { method: 'PUT', body: 'x', headers: bad });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('BadDigest');
      await expect(read('damaged')).rejects.toMatchObject({ name: 'NoSuchKey' });
    },
  );

  test.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)(
    'the client accepts our %s of what it sent',
    async (ChecksumAlgorithm) => {
      await put(`sum-${ChecksumAlgorithm}`, 'hello', { ChecksumAlgorithm });
      expect((await read(`sum-${ChecksumAlgorithm}`)).text).toBe('hello');
    },
  );

  test('create-only and replace-only writes hold, and of ten at once one wins', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => put('once', `writer ${n}`, { IfNoneMatch: '*' })),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(put('once', 'again', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    const { ETag } = await read('once');
    await put('once', 'second', { IfMatch: ETag });
    await expect(put('once', 'third', { IfMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(put('never', 'x', { IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect((await read('once')).text).toBe('second');
  });

  test('conditional reads answer 304 and 412', async () => {
    const { ETag } = await put('conditional', 'x');
    await expect(read('conditional', { IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await expect(read('conditional', { IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(read('conditional', { IfModifiedSince: new Date(Date.now() + 5000) })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
  });

  test('any byte range gives the slice that it names', async () => {
    const text = '0123456789';
    await put('range', text);
    expect(await read('range', { Range: 'bytes=2-4' })).toMatchObject({ text: '234', ContentRange: 'bytes 2-4/10' });
    expect((await read('range', { Range: 'bytes=7-' })).text).toBe('789');
    expect((await read('range', { Range: 'bytes=-3' })).text).toBe('789');
    expect((await read('range', { Range: 'bytes=5-99' })).text).toBe('56789');
    expect((await read('range', { Range: 'lines=1-2' })).text).toBe(text);
    await expect(read('range', { Range: 'bytes=10-' })).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  test('a key is never a path: every key keeps its own content and nothing is written outside the store', async () => {
    const keys = [
      '../../escape',
      '/absolute',
      'a//b',
      './x',
      'ten_1/../ten_2/model',
      'nul\u0000byte',
      'tab\tnew\nline',
      'é한국 +&<>"',
      'x'.repeat(1024),
      '%2e%2e%2f',
    ];
    for (const key of keys) {
      const url = `${harness.url}/${Bucket}/${encodeURIComponent(key)}`;
      expect((await fetch(url, { method: 'PUT', body: `content of ${key}` })).status).toBe(200);
    }
    for (const key of keys)
      expect(await (await fetch(`${harness.url}/${Bucket}/${encodeURIComponent(key)}`)).text()).toBe(
        `content of ${key}`,
      );
    expect(blobs().every((name) => /^[\da-f]{32}$/.test(name))).toBe(true);
    expect(readdirSync(dir).sort()).toEqual(expect.arrayContaining(['s3', 's3.db']));
  });

  test('copying needs both ends and keeps or replaces metadata as told', async () => {
    await put('source key', 'copied', { Metadata: { a: '1' }, ContentType: 'text/x' });
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'target', CopySource: encodeURI(`${Bucket}/source key`) }));
    expect(harness.required).toEqual([
      { action: 's3:GetObject', resource: 'arn:aws:s3:::models/source key' },
      { action: 's3:PutObject', resource: 'arn:aws:s3:::models/target' },
    ]);
    expect(await read('target')).toMatchObject({ text: 'copied', Metadata: { a: '1' }, ContentType: 'text/x' });
    await s3.send(
      new CopyObjectCommand({
        Bucket,
        Key: 'target',
        CopySource: `${Bucket}/target`,
        MetadataDirective: 'REPLACE',
        Metadata: { b: '2' },
      }),
    );
    expect(await read('target')).toMatchObject({ text: 'copied', Metadata: { b: '2' } });
    await expect(
      s3.send(new CopyObjectCommand({ Bucket, Key: 'target', CopySource: `${Bucket}/target` })),
    ).rejects.toMatchObject({ name: 'InvalidRequest' });
  });

  test('deleting removes content too, and is no error for what is not there', async () => {
    await put('gone', 'unique content');
    const before = blobs().length;
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
    expect(blobs().length).toBe(before - 1);
    await expect(read('gone')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('deleting many requires permission for each key', async () => {
    await put('d/1', '1');
    await put('d/<2>', '2');
    const answer = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'd/1' }, { Key: 'd/<2>' }] } }),
    );
    expect(answer.Deleted?.map(({ Key }) => Key)).toEqual(['d/1', 'd/<2>']);
    expect(harness.required.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      's3:DeleteObject arn:aws:s3:::models/d/1',
      's3:DeleteObject arn:aws:s3:::models/d/<2>',
    ]);
  });

  test('what is not there or not implemented is an error', async () => {
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'nothing' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    await expect(s3.send(new GetObjectCommand({ Bucket: 'nobucket', Key: 'x' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
    await expect(s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'range' }))).rejects.toMatchObject({
      name: 'NotImplemented',
    });
    await expect(put('public', 'x', { ACL: 'public-read' })).rejects.toMatchObject({
      name: 'AccessControlListNotSupported',
    });
    await expect(s3.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner: '111111111111' }))).rejects.toMatchObject(
      { $metadata: { httpStatusCode: 403 } },
    );
  });

  test('acknowledged objects survive a restart and orphaned contents are swept', async () => {
    await put('durable', 'kept');
    const before = blobs();
    writeFileSync(join(dir, 's3', 'blobs', 'f'.repeat(32)), 'written, but never acknowledged');
    const second = await createS3Engine({ dir, ...options });
    const view = second.browse(Bucket, '');
    expect(view.objects.map(({ key }) => key)).toContain('durable');
    expect(view.prefixes).toContain('ten_1/');
    expect(blobs()).toEqual(before);
    await second.close();
  });
});

describe('buckets', () => {
  test('buckets are listed, located and checked', async () => {
    expect((await s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual([Bucket]);
    await s3.send(new GetBucketLocationCommand({ Bucket }));
    await s3.send(new HeadBucketCommand({ Bucket }));
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'nobucket' }))).rejects.toMatchObject({ name: 'NotFound' });
  });

  test('a listing carries exactly the condition keys that the caller gave', async () => {
    await s3.send(new ListObjectsV2Command({ Bucket }));
    expect(harness.required).toEqual([{ action: 's3:ListBucket', resource: 'arn:aws:s3:::models', context: {} }]);
    await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'ten_1/', Delimiter: '/', MaxKeys: 5 }));
    expect(harness.required[0]?.context).toEqual({
      's3:prefix': ['ten_1/'],
      's3:delimiter': ['/'],
      's3:max-keys': ['5'],
    });
  });

  test('paging through any listing gives what a sorted list would, each entry once', async () => {
    const segment = fc.constantFrom('a', 'b', 'é', '한', '-', '/', 'a/', '😀', '\uffee');
    const key = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { maxLength: 12 }),
        fc.oneof(fc.constant(''), key),
        fc.constantFrom('', '/', 'a/'),
        fc.oneof(fc.constant(''), key),
        fc.integer({ min: 1, max: 4 }),
        async (keys, prefix, delimiter, startAfter, pageSize) => {
          run += 1;
          const bucket = `listing-${run}`;
          engine.ensureBucket(bucket);
          for (const each of keys) await s3.send(new PutObjectCommand({ Bucket: bucket, Key: each, Body: 'x' }));
          const seen: string[] = [];
          let token: string | undefined;
          do {
            const page = await s3.send(
              new ListObjectsV2Command({
                Bucket: bucket,
                Prefix: prefix,
                Delimiter: delimiter || undefined,
                StartAfter: startAfter || undefined,
                MaxKeys: pageSize,
                ContinuationToken: token,
              }),
            );
            const entries = [
              ...(page.Contents ?? []).map(({ Key }) => Key ?? ''),
              ...(page.CommonPrefixes ?? []).map(({ Prefix }) => `prefix:${Prefix}`),
            ];
            expect(entries.length).toBe(page.KeyCount);
            expect(entries.length).toBeLessThanOrEqual(pageSize);
            seen.push(...entries);
            token = page.NextContinuationToken;
            expect(page.IsTruncated).toBe(token !== undefined);
          } while (token);
          const utf8 = (left: string, right: string) => Buffer.compare(Buffer.from(left), Buffer.from(right));
          const model = new Set<string>();
          for (const each of [...keys].sort(utf8)) {
            if (!each.startsWith(prefix) || (startAfter !== '' && utf8(each, startAfter) <= 0)) continue;
            const cut = delimiter === '' ? -1 : each.indexOf(delimiter, prefix.length);
            model.add(cut === -1 ? each : `prefix:${each.slice(0, cut + delimiter.length)}`);
          }
          expect([...seen].sort()).toEqual([...model].sort());
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('multipart uploads', () => {
  const start = async (Key: string, more: object = {}) =>
    (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId;
  const part = async (Key: string, UploadId: string | undefined, PartNumber: number, Body: Buffer) => {
    const { ETag, ChecksumCRC32 } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    return { PartNumber, ETag, ChecksumCRC32 };
  };
  const large = Buffer.alloc(5 * 1024 * 1024, 'a');

  test('parts uploaded in any order appear as one object in theirs, only on completion', async () => {
    const id = await start('big', { ContentType: 'application/x-model', ChecksumAlgorithm: 'CRC32' });
    const second = await part('big', id, 2, Buffer.from('tail'));
    const first = await part('big', id, 1, large);
    await expect(read('big')).rejects.toMatchObject({ name: 'NoSuchKey' });
    const listed = await s3.send(new ListPartsCommand({ Bucket, Key: 'big', UploadId: id }));
    expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, large.length],
      [2, 4],
    ]);
    const complete = (Parts: object[]) =>
      s3.send(new CompleteMultipartUploadCommand({ Bucket, Key: 'big', UploadId: id, MultipartUpload: { Parts } }));
    await expect(complete([second, first])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete([{ ...first, ETag: '"x"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    const done = await complete([first, second]);
    expect(done.ETag).toMatch(/^"[\da-f]{32}-2"$/);
    expect(done.ChecksumCRC32).toMatch(/-2$/);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'big' }));
    const content = Buffer.from((await got.Body?.transformToByteArray()) ?? []);
    expect(content.equals(Buffer.concat([large, Buffer.from('tail')]))).toBe(true);
    expect(got.ContentType).toBe('application/x-model');
    await expect(complete([first, second])).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  test('only the last part may be small, and an aborted upload leaves nothing', async () => {
    const before = blobs().length;
    const id = await start('small');
    const parts = [await part('small', id, 1, Buffer.from('a')), await part('small', id, 2, Buffer.from('b'))];
    await expect(
      s3.send(
        new CompleteMultipartUploadCommand({ Bucket, Key: 'small', UploadId: id, MultipartUpload: { Parts: parts } }),
      ),
    ).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'small', UploadId: id }));
    expect(blobs().length).toBe(before);
    await expect(part('small', id, 3, Buffer.from('c'))).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });
});
