import type { Letter } from './letter.ts';

/** A mail that says something and asks for one thing. */
export interface SimpleLetter {
  readonly subject: string;
  /** Paragraphs; the first is what lists of mails show beside the subject. */
  readonly lines: readonly string[];
  /** What the link is called. */
  readonly button: string;
}

/** @param reason why the reader gets the mail @param href where the button leads */
export const simpleLetter = ({ subject, lines, button }: SimpleLetter, reason: string, href: string): Letter => ({
  subject,
  preheader: lines[0] ?? subject,
  blocks: [...lines.map((text) => ({ kind: 'text', text }) as const), { kind: 'button', label: button, href }],
  reason,
});
