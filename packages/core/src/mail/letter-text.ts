import type { Block, Letter } from './letter.ts';

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
  }
}

/** The part of a mail that is plain text; it holds all that the page holds, with every link written out. */
export const letterText = ({ blocks, reason }: Letter): string =>
  `${[...blocks.map(blockText), `--\n${reason}`].join('\n\n')}\n`;
