/** Part of a paragraph. */
export interface Span {
  readonly text: string;
  readonly bold?: true;
  readonly href?: string;
}

export type AnnouncementBlock =
  | { readonly kind: 'rich'; readonly spans: readonly Span[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Span[])[] };

export const announcementLimits = { subject: 120, body: 5000 } as const;

const MARKED = /\*\*([^*\n]+)\*\*|\[([^\][\n]+)\]\((https:\/\/[^\s()<>"]+)\)/g;

function spansOf(text: string): readonly Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const { index, 0: whole, 1: bold, 2: label, 3: href } of text.matchAll(MARKED)) {
    if (index > from) spans.push({ text: text.slice(from, index) });
    if (bold !== undefined) spans.push({ text: bold, bold: true });
    else if (label !== undefined && href !== undefined) spans.push({ text: label, href });
    from = index + whole.length;
  }
  if (from < text.length) spans.push({ text: text.slice(from) });
  return spans;
}

const ITEM = /^[-*] +/;

/**
 * The blocks of a body: paragraphs with an empty line between them, lists of lines that begin with `- `, `**bold**`, and `[links](https://…)`.
 * Everything else is text as it stands.
 */
export function announcementBlocks(body: string): readonly AnnouncementBlock[] {
  return body
    .split(/\n[ \t]*\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part): AnnouncementBlock => {
      const lines = part.split('\n').map((line) => line.trim());
      return lines.every((line) => ITEM.test(line))
        ? { kind: 'list', items: lines.map((line) => spansOf(line.replace(ITEM, ''))) }
        : { kind: 'rich', spans: spansOf(lines.join(' ')) };
    });
}
