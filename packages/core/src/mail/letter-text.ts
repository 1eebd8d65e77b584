import type { Span } from '../contract/announcement-blocks.ts';
import type { Block, Letter } from './letter.ts';

const spanText = ({ text, href }: Span): string => (href === undefined || href === text ? text : `${text} (${href})`);

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return block.text;
    case 'code':
      return `${block.label}: ${block.code}`;
    case 'button':
      return `${block.label}: ${block.href}`;
    case 'steps':
      return block.items.map((item, index) => `${index + 1}. ${item}`).join('\n');
    case 'rich':
      return block.spans.map(spanText).join('');
    case 'list':
      return block.items.map((spans) => `- ${spans.map(spanText).join('')}`).join('\n');
    case 'figures':
      return block.items.map(({ label, value, note }) => `${label}: ${value} (${note})`).join('\n');
    case 'bars':
      return [
        `${block.title}: ${block.legend.main} (${block.legend.other})`,
        ...block.rows.map(({ label, main, other }) => `${label}: ${main} (${other})`),
      ].join('\n');
  }
}

/** The part of a mail that is plain text; it holds all that the page holds, with every link written out. */
export const letterText = ({ blocks, reason, leave }: Letter): string => {
  const foot = [reason, ...(leave ? [`${leave.label}: ${leave.href}`] : [])].join('\n');
  return `${[...blocks.map(blockText), `--\n${foot}`].join('\n\n')}\n`;
};
