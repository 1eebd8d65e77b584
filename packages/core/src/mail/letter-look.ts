import { Markup } from './markup.ts';

/** The colours of mails by day. */
export const light = {
  page: '#f7f7f4',
  panel: '#ffffff',
  line: '#dcddd6',
  ink: '#1a1f1c',
  soft: '#56605a',
  accent: '#0f6b57',
  accentInk: '#ffffff',
  tint: '#e4f0ec',
  pale: '#b9c6c0',
} as const;

/** And by night, where the mail client knows it. */
export const dark = {
  page: '#12161a',
  panel: '#1a201d',
  line: '#343d38',
  ink: '#ecf1ee',
  soft: '#a7b3ac',
  accent: '#6fd3b8',
  accentInk: '#0b1a15',
  tint: '#1d3630',
  pale: '#4a5a53',
} as const;

/** A table that lays out, and is none to screen readers. */
export const layoutTable = new Markup('role="presentation" cellpadding="0" cellspacing="0" border="0"');
