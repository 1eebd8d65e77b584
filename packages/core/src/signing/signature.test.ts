import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Sha256 } from './sha256.ts';
import { signPost } from './signature.ts';

it('signs as the SDK does, whatever is sent, with keys that change', async () => {
  const word = fc.string({ unit: fc.constantFrom(...'abcXYZ019/+='), minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        accessKeyId: word,
        secretAccessKey: word,
        sessionToken: fc.option(word, { nil: undefined }),
        region: fc.constantFrom('us-east-1', 'ap-northeast-2'),
        body: fc.string({ unit: 'grapheme', maxLength: 60 }),
        at: fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }),
      }),
      async ({ region, body, at, ...credentials }) => {
        const headers = {
          'content-type': 'application/x-amz-json-1.0',
          host: 'dynamodb.example:8000',
          'x-amz-target': 'DynamoDB_20120810.Query',
        };
        const signer = new SignatureV4({
          service: 'dynamodb',
          region,
          credentials: {
            accessKeyId: credentials.accessKeyId,
            secretAccessKey: credentials.secretAccessKey,
            ...(credentials.sessionToken ? { sessionToken: credentials.sessionToken } : {}),
          },
          sha256: Sha256,
          applyChecksum: false,
        });
        const theirs = await signer.sign(
          { method: 'POST', protocol: 'http:', hostname: 'dynamodb.example', path: '/', headers, body },
          { signingDate: at },
        );
        const ours = signPost({ service: 'dynamodb', region, credentials, headers, body, at });
        expect(ours).toEqual(theirs.headers);
      },
    ),
  );
});
