import { palette } from '../brand/palette.ts';
import { Markup } from './markup.ts';

/** The colours of mails by day. */
export const light = { ...palette.light, pale: '#b9c6c0' } as const;

/** And by night, where the mail client knows it. A colour of six digits would be taken for the code of a mail. */
export const dark = { ...palette.dark, page: '#12161a', pale: '#4a5a53' } as const;

/** A table that lays out, and is none to screen readers. */
export const layoutTable = new Markup('role="presentation" cellpadding="0" cellspacing="0" border="0"');
