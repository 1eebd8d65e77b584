import { palette, type Shades } from '@tenantry/core/brand/palette';

const coloursOf = ({ page, panel, ink, soft, line, accent, accentInk, tint, bad, good }: Shades): string =>
  `--ground: ${page}; --surface: ${panel}; --ink: ${ink}; --quiet: ${soft}; --line: ${line}; --field: ${soft};
  --accent: ${accent}; --accent-ink: ${accentInk}; --accent-soft: ${tint}; --danger: ${bad}; --good: ${good};`;

/** The colours, type and controls that the local cloud's stand-ins of Cognito and Stripe share: those of the brand, light or dark as the reader's system says. */
export const THEME_CSS = `
:root {
  color-scheme: light dark;
  ${coloursOf(palette.light)} --danger-soft: #fdeceb; --good-soft: #e7f5ec;
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans KR', 'Noto Sans CJK KR', sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root { ${coloursOf(palette.dark)} --danger-soft: #3b1c1a; --good-soft: #16301f; }
}
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: var(--ground); color: var(--ink); }
:lang(ko) { word-break: keep-all; overflow-wrap: anywhere; }
h1, h2, p { margin: 0; }
h1 { font-size: 1.375rem; line-height: 1.3; letter-spacing: -0.01em; }
a { color: var(--accent); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
.quiet { color: var(--quiet); }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
label { display: block; font-weight: 600; font-size: 0.875rem; margin-bottom: 0.375rem; }
input {
  width: 100%; font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--field); border-radius: 8px;
  padding: 0.625rem 0.75rem; min-height: 44px;
}
input[aria-invalid='true'] { border-color: var(--danger); }
button {
  font: inherit; font-weight: 600; color: var(--accent-ink); background: var(--accent); border: 0; border-radius: 8px;
  padding: 0.625rem 1rem; min-height: 44px; cursor: pointer;
}
button:hover { filter: brightness(1.07); }
button.link { background: none; color: var(--accent); padding: 0; min-height: 24px; font-weight: 400; text-decoration: underline; text-underline-offset: 0.15em; }
`;
