import * as z from 'zod';
import { languageSchema } from '../tenant/language.ts';
import { announcementLimits } from './announcement-blocks.ts';

const inEachLanguage = (characters: number, pattern: RegExp, message: string) =>
  z.strictObject(
    Object.fromEntries(
      languageSchema.options.map((language) => [
        language,
        z.string().trim().min(1, 'must not be empty').max(characters).regex(pattern, message),
      ]),
    ) as Record<z.infer<typeof languageSchema>, z.ZodString>,
  );

/** What staff writes, in each language. The body is plain text with a little markup; see `announcement-blocks.ts`. */
export const announcementTextSchema = z.strictObject({
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they could break a header.
  subject: inEachLanguage(announcementLimits.subject, /^[^\u0000-\u001f\u007f]*$/, 'must be one line'),
  body: inEachLanguage(
    announcementLimits.body,
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a line feed is the only one that means something here.
    /^[^\u0000-\u0008\u000b-\u001f\u007f]*$/,
    'must hold no control characters',
  ),
});
export type AnnouncementText = z.infer<typeof announcementTextSchema>;
