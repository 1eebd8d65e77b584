/** The colours, type and controls that the local cloud's own pages share; light or dark as the reader's system says. */
export const THEME_CSS = `
:root {
  color-scheme: light dark;
  --ground: #f5f6f8; --surface: #ffffff; --ink: #14181f; --quiet: #5a6472; --line: #d9dee5; --field: #8a94a3;
  --accent: #2f5bd8; --accent-ink: #ffffff; --accent-soft: #eaf0ff; --danger: #b3261e; --danger-soft: #fdeceb;
  --good: #1b6e3c; --good-soft: #e7f5ec;
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans KR', 'Noto Sans CJK KR', sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1318; --surface: #171c23; --ink: #e8ecf2; --quiet: #9aa5b4; --line: #2b333e; --field: #66717f;
    --accent: #8fb0ff; --accent-ink: #0d1526; --accent-soft: #1d2a47; --danger: #ffb4ab; --danger-soft: #3b1c1a;
    --good: #8fdcaa; --good-soft: #16301f;
  }
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
