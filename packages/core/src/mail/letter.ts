import type { Span } from '../contract/announcement-blocks.ts';
import type { Language } from '../tenant/language.ts';
import { letterHtml } from './letter-html.ts';
import { letterText } from './letter-text.ts';

/** What a mail is made of. Each kind is written once as markup and once as plain text, so that neither says less than the other. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  /** A code that is typed somewhere else. */
  | { readonly kind: 'code'; readonly code: string; readonly label: string }
  /** The one thing that the reader is asked to do. */
  | { readonly kind: 'button'; readonly label: string; readonly href: string }
  | { readonly kind: 'steps'; readonly items: readonly string[] }
  /** Text of which parts stand out or lead somewhere. */
  | { readonly kind: 'rich'; readonly spans: readonly Span[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Span[])[] }
  /** Numbers, each with what it is to be compared with. */
  | { readonly kind: 'figures'; readonly items: readonly Figure[] }
  /** A chart with two bars in each row. */
  | { readonly kind: 'bars'; readonly title: string; readonly legend: BarPair; readonly rows: readonly Bars[] };

export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly note: string;
}

/** What is shown, and what it is compared with. */
interface BarPair {
  readonly main: string;
  readonly other: string;
}

export interface Bars extends BarPair {
  readonly label: string;
  /** Lengths, as shares of the longest bar. */
  readonly mainShare: number;
  readonly otherShare: number;
}

/** What a mail says, in one language. */
export interface Letter {
  readonly subject: string;
  /** What lists of mails show beside the subject. */
  readonly preheader: string;
  readonly blocks: readonly Block[];
  /** Why the reader gets the mail. */
  readonly reason: string;
  /** How the reader gets no more of its kind; absent for mails that one has to get. */
  readonly leave?: { readonly label: string; readonly href: string };
}

export interface WrittenMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

// Control characters could break headers or forge lines, and marks of direction make a name read as something else.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
const UNWANTED = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g;

const plain = (text: string): string => text.replace(UNWANTED, ' ');

/** The same value with every text in it made plain, whoever it comes from. */
function plainly<T>(value: T): T;
function plainly(value: unknown): unknown {
  if (typeof value === 'string') return plain(value).trim();
  if (Array.isArray(value)) return value.map((one) => plainly(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plainly(one)]));
}

/** The spaces at the ends of a part of a paragraph keep it from its neighbours. */
const plainSpan = ({ text, ...rest }: Span): Span => ({ ...plainly(rest), text: plain(text) });

function plainBlock(block: Block): Block {
  if (block.kind === 'rich') return { ...block, spans: block.spans.map(plainSpan) };
  if (block.kind === 'list') return { ...block, items: block.items.map((spans) => spans.map(plainSpan)) };
  return plainly(block);
}

function linksOf(block: Block): readonly string[] {
  if (block.kind === 'button') return [block.href];
  const spans = block.kind === 'rich' ? block.spans : block.kind === 'list' ? block.items.flat() : [];
  return spans.flatMap(({ href }) => (href === undefined ? [] : [href]));
}

/** @throws {Error} when a mail would lead somewhere else than to a page */
function assertLinks({ blocks, leave }: Letter): void {
  const links = blocks.flatMap(linksOf);
  for (const href of [...links, ...(leave ? [leave.href] : [])]) {
    if (!/^https?:\/\/[^\s]+$/.test(href)) throw new Error('A mail may lead to pages only.');
  }
}

/**
 * A mail as text and as a page, in the one layout that all mails have. Everything in it is escaped, whoever it comes from.
 * @throws {Error} when a link is none
 */
export function writeLetter({ blocks, ...rest }: Letter, language: Language): WrittenMail {
  const written = { ...plainly(rest), blocks: blocks.map(plainBlock) };
  assertLinks(written);
  return { subject: written.subject, text: letterText(written), html: letterHtml(written, language) };
}
