import type { Bar, Block, Letter } from './letter.ts';

const BAR_WIDTH = 20;

function barLines(bars: readonly Bar[]): string {
  const most = Math.max(...bars.map(({ value }) => value), 1);
  return bars
    .map(({ label, value, words }) => {
      const length = value > 0 ? Math.max(1, Math.round((value / most) * BAR_WIDTH)) : 0;
      return `${label}  ${'█'.repeat(length)}${length > 0 ? ' ' : ''}${words}`;
    })
    .join('\n');
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return block.text;
    case 'code':
      return `${block.label}: ${block.code}`;
    case 'button':
    case 'link':
      return `${block.label}: ${block.href}`;
    case 'steps':
      return block.items.map((item, index) => `${index + 1}. ${item}`).join('\n');
    case 'figures':
      return block.rows.map(({ name, words, change }) => `${name}: ${words}${change ? ` (${change})` : ''}`).join('\n');
    case 'bars':
      return `${block.caption}\n${barLines(block.bars)}`;
  }
}

/** The part of a mail that is plain text; it holds all that the page holds, with every link written out. */
export function letterText({ blocks, reason, unsubscribe }: Letter): string {
  const end = unsubscribe ? `${reason}\n${unsubscribe.label}: ${unsubscribe.href}` : reason;
  return `${[...blocks.map(blockText), `--\n${end}`].join('\n\n')}\n`;
}
