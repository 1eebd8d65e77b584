import type { Language } from '../tenant/language.ts';

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** What a mail says, in one language. */
export interface Letter {
  readonly subject: string;
  /** Paragraphs. */
  readonly lines: readonly string[];
  /** What the link is called. */
  readonly button: string;
  /** Why the reader gets the mail. */
  readonly sign: string;
}

/** A mail as text and as a page. Everything in it is escaped, whoever it comes from. @param link where the button leads */
export function writeLetter(
  { subject, lines, button, sign }: Letter,
  language: Language,
  link: string,
): { readonly subject: string; readonly text: string; readonly html: string } {
  const text = [...lines, `${button}: ${link}`, sign].join('\n\n');
  const html = [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>`,
    '<body style="margin:0;padding:24px;background:#f5f5f3;font:16px/1.5 system-ui,sans-serif;color:#1c1c1a">',
    '<div style="max-width:34em;margin:0 auto;padding:24px;background:#fff;border-radius:12px">',
    ...lines.map((line) => `<p>${escapeHtml(line)}</p>`),
    `<p><a href="${escapeHtml(link)}" style="display:inline-block;padding:10px 18px;background:#1c1c1a;color:#fff;border-radius:8px;text-decoration:none">${escapeHtml(button)}</a></p>`,
    `<p style="color:#6b6b66">${escapeHtml(sign)}</p>`,
    '</div></body></html>',
  ].join('\n');
  return { subject: subject.replace(/[\r\n]+/g, ' '), text, html };
}
