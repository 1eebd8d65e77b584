import type { Block, Figure } from './letter.ts';
import { layoutTable, light } from './letter-look.ts';
import { type Markup, markup } from './markup.ts';

/*
 * Charts are tables, too: cells with a colour and a width are what every mail client draws, Outlook's Word and those that show no pictures
 * included. A picture would be missing until somebody allows it, and an SVG or a canvas is dropped by most.
 */

const figureCell = ({ label, value, note }: Figure): Markup =>
  markup`<td class="tint gap" valign="top" width="50%" bgcolor="${light.tint}" style="width:50%;padding:14px 16px;background:${light.tint};border:4px solid ${light.panel}"><p class="soft" style="margin:0 0 2px;color:${light.soft};font-size:13px;line-height:1.5">${label}</p><p class="ink" style="margin:0 0 2px;color:${light.ink};font-size:22px;line-height:1.3;font-weight:700">${value}</p><p class="soft" style="margin:0;color:${light.soft};font-size:13px;line-height:1.5">${note}</p></td>`;

/** Two in a row. */
export function figuresBlock(items: readonly Figure[]): Markup {
  const rows = Array.from({ length: Math.ceil(items.length / 2) }, (_, row) => items.slice(2 * row, 2 * row + 2));
  return markup`<table ${layoutTable} width="100%" style="margin:0 0 20px">${rows.map((row) => markup`<tr>${row.map(figureCell)}</tr>`)}</table>`;
}

const PERCENT = 100;

/** A bar that is there at all is seen. */
const widthOf = (share: number): string => `${share > 0 ? Math.max(1, Math.round(PERCENT * share)) : 0}%`;

const bar = (
  share: number,
  look: { readonly name: string; readonly colour: string; readonly pixels: number },
): Markup =>
  share > 0
    ? markup`<table ${layoutTable} width="${widthOf(share)}" style="width:${widthOf(share)};margin:0 0 2px"><tr><td class="${look.name}" height="${look.pixels}" bgcolor="${look.colour}" style="height:${look.pixels}px;background:${look.colour};font-size:1px;line-height:${look.pixels}px">&#160;</td></tr></table>`
    : markup``;

type BarsBlock = Extract<Block, { readonly kind: 'bars' }>;

const barsRow = ({ label, main, other, mainShare, otherShare }: BarsBlock['rows'][number]): Markup =>
  markup`<tr><td class="ink" width="64" style="width:64px;padding:5px 8px 5px 0;color:${light.ink};font-size:14px;line-height:1.3">${label}</td><td valign="middle" style="padding:5px 0">${bar(mainShare, { name: 'fill', colour: light.accent, pixels: 12 })}${bar(otherShare, { name: 'pale', colour: light.pale, pixels: 5 })}</td><td class="ink" align="right" width="112" style="width:112px;padding:5px 0 5px 8px;color:${light.ink};font-size:14px;line-height:1.3">${main} <span class="soft" style="color:${light.soft};font-size:12px">${other}</span></td></tr>`;

/** Rows with a thick bar above a thin one. */
export const barsBlock = ({ title, legend, rows }: BarsBlock): Markup =>
  markup`<p class="ink" style="margin:0 0 4px;color:${light.ink};font-size:16px;line-height:1.5;font-weight:600">${title}</p><p class="soft" style="margin:0 0 8px;color:${light.soft};font-size:13px;line-height:1.5"><span class="fill" style="background:${light.accent}">&#160;&#160;&#160;</span> ${legend.main} &#160; <span class="pale" style="background:${light.pale}">&#160;&#160;&#160;</span> ${legend.other}</p><table ${layoutTable} width="100%" style="margin:0 0 20px">${rows.map(barsRow)}</table>`;
