import type { Span } from '../contract/announcement-blocks.ts';
import type { Language } from '../tenant/language.ts';
import type { Block, Letter } from './letter.ts';
import { dark, layoutTable, light } from './letter-look.ts';
import { barsBlock, figuresBlock } from './letter-numbers.ts';
import { Markup, markup } from './markup.ts';

/*
 * Mail clients know little of the web: tables carry the layout, since some have no other; styles are inline, since some drop style
 * sheets; attributes repeat what matters, since some drop styles. The style sheet holds only what cannot be inline: the dark colours and
 * narrow screens. There are no pictures, so nothing is missing where pictures are not shown, and nobody is told that the mail was read.
 */

const WIDTH = 600;
const FONT =
  "-apple-system,'Segoe UI',Roboto,'Apple SD Gothic Neo','Malgun Gothic','Noto Sans KR',Helvetica,Arial,sans-serif";
const MONO = "ui-monospace,Menlo,Consolas,'Courier New',monospace";

const styleSheet = new Markup(`
:root{color-scheme:light dark;supported-color-schemes:light dark}
body{margin:0;padding:0;width:100%}
@media (max-width:620px){.pad{padding:24px 20px!important}.full{width:100%!important}}
@media (prefers-color-scheme:dark){
.page{background:${dark.page}!important}.panel{background:${dark.panel}!important;border-color:${dark.line}!important}
.ink{color:${dark.ink}!important}.soft{color:${dark.soft}!important}
.fill{background:${dark.accent}!important}.onfill{color:${dark.accentInk}!important}.tint{background:${dark.tint}!important}.pale{background:${dark.pale}!important}.link{color:${dark.accent}!important}.gap{border-color:${dark.panel}!important}
}
`);

const paragraph = (text: string): Markup =>
  markup`<p class="ink" style="margin:0 0 16px;color:${light.ink};font-size:16px;line-height:1.6">${text}</p>`;

const codeBlock = (code: string, label: string): Markup =>
  markup`<p class="soft" style="margin:0 0 8px;color:${light.soft};font-size:14px;line-height:1.5">${label}</p>
<table ${layoutTable} width="100%" style="margin:0 0 20px"><tr><td class="tint ink" align="center" bgcolor="${light.tint}" style="padding:18px 12px;background:${light.tint};border-radius:10px;color:${light.ink};font-family:${MONO};font-size:32px;font-weight:700;letter-spacing:6px">${code}</td></tr></table>`;

const buttonBlock = (label: string, href: string): Markup =>
  markup`<table ${layoutTable} style="margin:8px 0 20px"><tr><td class="fill" bgcolor="${light.accent}" style="background:${light.accent};border-radius:10px"><a class="onfill" href="${href}" style="display:inline-block;padding:13px 24px;color:${light.accentInk};font-size:16px;font-weight:600;line-height:1.25;text-decoration:none">${label}</a></td></tr></table>`;

const stepsBlock = (items: readonly string[]): Markup =>
  markup`<ol class="ink" style="margin:0 0 16px;padding:0 0 0 22px;color:${light.ink};font-size:16px;line-height:1.6">${items.map((item) => markup`<li style="margin:0 0 6px">${item}</li>`)}</ol>`;

function spanHtml({ text, bold, href }: Span): Markup {
  const shown = bold ? markup`<strong>${text}</strong>` : markup`${text}`;
  return href === undefined
    ? shown
    : markup`<a class="link" href="${href}" style="color:${light.accent};text-decoration:underline">${shown}</a>`;
}

/** Side by side as they were written: a line feed between them would be seen as a space. */
const spansHtml = (spans: readonly Span[]): Markup => new Markup(spans.map((span) => spanHtml(span).html).join(''));

function blockHtml(block: Block): Markup {
  switch (block.kind) {
    case 'text':
      return paragraph(block.text);
    case 'code':
      return codeBlock(block.code, block.label);
    case 'button':
      return buttonBlock(block.label, block.href);
    case 'steps':
      return stepsBlock(block.items);
    case 'rich':
      return markup`<p class="ink" style="margin:0 0 16px;color:${light.ink};font-size:16px;line-height:1.6">${spansHtml(block.spans)}</p>`;
    case 'list':
      return markup`<ul class="ink" style="margin:0 0 16px;padding:0 0 0 22px;color:${light.ink};font-size:16px;line-height:1.6">${block.items.map((spans) => markup`<li style="margin:0 0 6px">${spansHtml(spans)}</li>`)}</ul>`;
    case 'figures':
      return figuresBlock(block.items);
    case 'bars':
      return barsBlock(block);
  }
}

/** The part of a mail that is a page of {@link WIDTH} pixels, in light and dark. */
export function letterHtml({ subject, preheader, blocks, reason, leave }: Letter, language: Language): string {
  const keep = language === 'ko' ? ';word-break:keep-all' : '';
  const small = `margin:0;color:${light.soft};font-size:13px;line-height:1.6`;
  return markup`<!doctype html>
<html lang="${language}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${subject}</title>
<style>${styleSheet}</style>
</head>
<body class="page" bgcolor="${light.page}" style="margin:0;padding:0;background:${light.page};font-family:${FONT}${keep}">
<div style="display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;color:${light.page}">${preheader}</div>
<table ${layoutTable} class="page" width="100%" bgcolor="${light.page}" style="background:${light.page}"><tr><td align="center" style="padding:24px 12px">
<table ${layoutTable} class="full" width="${WIDTH}" style="width:${WIDTH}px;max-width:100%">
<tr><td class="ink" style="padding:0 8px 16px;color:${light.ink};font-size:17px;font-weight:700;letter-spacing:-0.2px">Tenantry</td></tr>
<tr><td class="panel pad" bgcolor="${light.panel}" style="padding:32px 36px;background:${light.panel};border:1px solid ${light.line};border-radius:14px">
<h1 class="ink" style="margin:0 0 20px;color:${light.ink};font-size:22px;line-height:1.35;font-weight:700">${subject}</h1>
${blocks.map(blockHtml)}
</td></tr>
<tr><td style="padding:20px 8px 0">
<p class="soft" style="${small}">${reason}${leave && markup` <a class="soft" href="${leave.href}" style="color:${light.soft};text-decoration:underline">${leave.label}</a>`}</p>
</td></tr>
</table>
</td></tr></table>
</body>
</html>
`.html;
}
