import fc from 'fast-check';
import { expect, it } from 'vitest';
import { announcementBlocks } from './announcement-blocks.ts';
import { announcementTextSchema } from './announcement-text.ts';

const textOf = (body: string): string =>
  announcementBlocks(body)
    .flatMap((block) => (block.kind === 'rich' ? [block.spans] : block.items))
    .flat()
    .map(({ text, href = '' }) => text + href)
    .join('');

it('knows paragraphs, lists, bold text and links', () => {
  expect(announcementBlocks('One **two**\nthree.\n\n- a\n- [b](https://b.example/x?y=1)\n\n\n')).toEqual([
    { kind: 'rich', spans: [{ text: 'One ' }, { text: 'two', bold: true }, { text: ' three.' }] },
    { kind: 'list', items: [[{ text: 'a' }], [{ text: 'b', href: 'https://b.example/x?y=1' }]] },
  ]);
});

it.each([
  'a [link](javascript:alert(1)) and [one](http://plain.example)',
  '**not closed',
  '[not](https://a b)',
  '<b>bold</b>',
])('leaves what it does not know as it stands: %s', (body) => {
  expect(announcementBlocks(body)).toEqual([{ kind: 'rich', spans: [{ text: body }] }]);
});

it('loses nothing of what is written but white space and the marks themselves, and takes any text in no time', () => {
  const marks = /[\s*[\]()-]/g;
  const part = fc.constantFrom('**', '[', '](https://a.example)', '- ', '\n', '\n\n', ' ', '*', 'word', '한국어', '<');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
      const body = parts.join('');
      expect(textOf(body).replace(marks, '')).toBe(body.replace(marks, ''));
    }),
  );
});

it.each([
  ['subject', 'two\nlines'],
  ['subject', ''],
  ['subject', 'x'.repeat(121)],
  ['body', '   '],
  ['body', 'bell \u0007'],
  ['body', 'x'.repeat(5001)],
])('refuses a %s that cannot be sent', (field, value) => {
  const text = { subject: { en: 'One', ko: '하나' }, body: { en: 'One', ko: '하나' } };
  expect(announcementTextSchema.safeParse(text).success).toBe(true);
  const wrong = announcementTextSchema.safeParse({ ...text, [field]: { en: value, ko: '하나' } });
  expect(wrong.error?.issues[0]?.path).toEqual([field, 'en']);
});
