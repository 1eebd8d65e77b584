import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bareAddress, decodeHeader, parseMessage, splitAddresses } from './mime.ts';

const lines = (...parts: string[]) => Buffer.from(parts.join('\r\n'));

function quotedPrintable(text: string): string {
  const bytes = [...Buffer.from(text)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`);
  return (bytes.join('').match(/.{1,72}/g) ?? []).join('=\r\n');
}

describe('a raw message', () => {
  test('is read through nested parts, with attachments named and not shown', () => {
    const message = parseMessage(
      lines(
        'From: "Kim, Tenantry" <kim@example.com>',
        'To: =?UTF-8?B?6rmA?= <a@example.com>, b@example.com',
        'Subject: =?utf-8?Q?Hello_?=',
        ' =?utf-8?Q?=EC=95=88=EB=85=95?=',
        'Content-Type: multipart/mixed; boundary="outer"',
        '',
        'preamble',
        '--outer',
        'Content-Type: multipart/alternative; boundary=inner',
        '',
        '--inner',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'Caf=C3=A9 =',
        'soft',
        '--inner',
        'Content-Type: text/html; charset="utf-8"',
        'Content-Transfer-Encoding: base64',
        '',
        Buffer.from('<p>안녕</p>').toString('base64'),
        '--inner--',
        '--outer',
        'Content-Type: application/pdf; name="bill.pdf"',
        'Content-Disposition: attachment; filename="bill.pdf"',
        'Content-Transfer-Encoding: base64',
        '',
        'JVBERg==',
        '--outer--',
        'epilogue',
      ),
    );
    expect(message).toEqual({
      from: '"Kim, Tenantry" <kim@example.com>',
      to: ['김 <a@example.com>', 'b@example.com'],
      subject: 'Hello 안녕',
      text: 'Café soft',
      html: '<p>안녕</p>',
      attachments: ['bill.pdf'],
    });
  });

  test('without a content type is plain text', () => {
    expect(parseMessage(lines('Subject: plain', '', 'two', 'lines'))).toMatchObject({
      subject: 'plain',
      text: 'two\r\nlines',
      html: '',
    });
  });

  test('of any bytes is read without an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        parseMessage(bytes);
      }),
    );
  });
});

test('any text survives each encoding', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      const encoded = {
        base64: Buffer.from(text).toString('base64'),
        'quoted-printable': quotedPrintable(text),
        '8bit': text.replace(/[\r\n]/g, ' '),
      };
      for (const [encoding, body] of Object.entries(encoded)) {
        const raw = Buffer.from(`Content-Transfer-Encoding: ${encoding}\r\n\r\n${body}`);
        const expected = encoding === '8bit' ? encoded['8bit'] : text;
        // A byte-order mark at the start is part of the encoding, not of the text.
        expect(parseMessage(raw).text).toBe(expected.replace(/^\ufeff/, ''));
      }
    }),
  );
});

test('an encoded header is decoded whatever its text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      const word = `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;
      expect(decodeHeader(word)).toBe(text.replace(/^\ufeff/, ''));
    }),
  );
});

test('addresses are split at commas outside quotes', () => {
  expect(splitAddresses('"A, B" <a@x.com>, c@x.com')).toEqual(['"A, B" <a@x.com>', 'c@x.com']);
  expect(bareAddress('"A, B" <a@x.com>')).toBe('a@x.com');
  expect(bareAddress('c@x.com')).toBe('c@x.com');
});
