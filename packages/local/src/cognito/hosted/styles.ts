import { THEME_CSS } from '../../mail/theme.ts';

export const HOSTED_CSS = `${THEME_CSS}
body { display: grid; grid-template-rows: 1fr auto; justify-items: center; padding: 2rem 1rem 1.25rem; }
main { width: 100%; max-width: 26rem; align-self: center; }
.brand { display: flex; align-items: center; gap: 0.625rem; font-weight: 700; letter-spacing: -0.01em; margin-bottom: 1.25rem; }
.brand .mark { display: block; width: 1.75rem; height: 1.75rem; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 16px; padding: 2rem; box-shadow: 0 1px 2px rgb(0 0 0 / 4%), 0 12px 32px rgb(0 0 0 / 6%); }
.card > * + * { margin-top: 1.25rem; }
.card h1 { text-wrap: balance; }
.card h1 + .quiet { margin-top: 0.5rem; }
form > * + * { margin-top: 1rem; }
form button:not(.link) { width: 100%; }
.row { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; }
.row label { margin-bottom: 0.375rem; }
.row a { font-size: 0.875rem; }
.message { border-radius: 8px; padding: 0.75rem 1rem; font-size: 0.9375rem; }
.message.error { background: var(--danger-soft); color: var(--danger); }
.message.notice { background: var(--good-soft); color: var(--good); }
.hint { font-size: 0.875rem; color: var(--quiet); }
.hint ul { margin: 0.25rem 0 0; padding-left: 1.125rem; columns: 2; column-gap: 1.5rem; }
input.code { font: 600 1.375rem/1.2 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; letter-spacing: 0.3em; text-align: center; }
.key { display: block; background: var(--ground); border-radius: 8px; padding: 0.75rem 1rem; overflow-wrap: anywhere; letter-spacing: 0.08em; }
.foot form > * + * { margin-top: 0; }
.foot { border-top: 1px solid var(--line); padding-top: 1.25rem; font-size: 0.9375rem; }
.inbox { background: var(--accent-soft); border-radius: 8px; padding: 0.75rem 1rem; font-size: 0.875rem; }
footer { font-size: 0.875rem; margin-top: 2rem; color: var(--quiet); }
footer a { color: inherit; } footer a[aria-current] { text-decoration: none; font-weight: 600; }
@media (max-width: 30rem) { .card { padding: 1.5rem 1.25rem; } main { align-self: start; } }
`;
