/** The style sheet and the script of the hosted pages, which work without the script. */

import { THEME_CSS } from '../../mail/theme.ts';

export const pageCss = `${THEME_CSS}
.page { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
.page.narrow { max-width: 30rem; }
.page.broad { max-width: 78rem; }
.topline { display: flex; justify-content: space-between; gap: 1rem; align-items: center; margin-bottom: 2rem; flex-wrap: wrap; }
.badge { display: inline-block; white-space: nowrap; font-size: 0.8125rem; padding: 0.125rem 0.625rem; border-radius: 999px; background: var(--accent-soft); color: var(--accent); font-weight: 600; }
.badge.good { background: var(--good-soft); color: var(--good); }
.badge.bad { background: var(--danger-soft); color: var(--danger); }
.columns { display: grid; gap: 2.5rem; grid-template-columns: minmax(0, 1fr); align-items: start; }
@media (min-width: 46rem) { .columns { grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 4rem; } }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 14px; padding: 1.5rem; }
.card + .card { margin-top: 1.5rem; }
h2 { font-size: 1.0625rem; margin-bottom: 1rem; }
.total { font-size: 2.25rem; font-weight: 650; letter-spacing: -0.02em; line-height: 1.15; font-variant-numeric: tabular-nums; margin: 0.25rem 0 1.5rem; }
.lines { list-style: none; margin: 0; padding: 0; }
.lines li, .due { display: flex; justify-content: space-between; gap: 1rem; padding: 0.875rem 0; border-top: 1px solid var(--line); font-variant-numeric: tabular-nums; }
.due { font-weight: 650; margin: 0; }
.field { margin-bottom: 1.125rem; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; align-items: end; }
.pair .field { min-width: 0; }
.pair label { min-height: 1.3125rem; }
select { width: 100%; min-height: 44px; padding: 0.5rem 0.75rem; border: 1px solid var(--field); border-radius: 10px; background: var(--surface); color: var(--ink); font: inherit; }
p + .lines, p + .field { margin-top: 1rem; }
.wide { width: 100%; margin-top: 0.5rem; }
button.busy { opacity: 0.75; cursor: progress; }
button.busy::before, .spinner {
  content: ''; display: inline-block; width: 1em; height: 1em; vertical-align: -0.125em; margin-inline-end: 0.5em; border-radius: 50%;
  border: 2px solid currentColor; border-top-color: transparent; animation: turn 0.8s linear infinite;
}
@keyframes turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { button.busy::before, .spinner { animation-duration: 4s; } }
button.plain { background: transparent; color: var(--ink); border: 1px solid var(--field); }
button.small { white-space: nowrap; min-height: 32px; padding: 0.25rem 0.75rem; font-size: 0.875rem; }
button.danger { background: transparent; color: var(--danger); border: 1px solid var(--danger); }
.alert { background: var(--danger-soft); color: var(--danger); border-radius: 10px; padding: 0.75rem 1rem; margin-bottom: 1.25rem; font-weight: 600; }
.notice { background: var(--good-soft); color: var(--good); border-radius: 10px; padding: 0.75rem 1rem; margin-bottom: 1.25rem; }
.centred { text-align: center; }
.centred p { margin: 0.75rem 0 1.25rem; }
.row { display: flex; gap: 0.75rem; flex-wrap: wrap; align-items: center; }
.row.apart { justify-content: space-between; }
details { margin-top: 1.5rem; }
summary { cursor: pointer; font-weight: 600; min-height: 24px; }
table { width: 100%; border-collapse: collapse; font-size: 0.9375rem; }
th { text-align: start; font-size: 0.8125rem; color: var(--quiet); font-weight: 600; }
th, td { padding: 0.5rem 0.75rem 0.5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: end; font-variant-numeric: tabular-nums; }
tbody tr:last-child td { border-bottom: 0; }
.scroll { overflow-x: auto; }
.card-number, td.number, time { white-space: nowrap; } .card-number { font-variant-numeric: tabular-nums; }
.js-only { display: none; }
.js .js-only { display: revert; }
.empty { color: var(--quiet); }
.footline { margin-top: 1.5rem; }
.row h2 { margin: 0; }
.choice { display: flex; gap: 0.5rem; align-items: center; font-weight: 400; }
.choice input { width: auto; min-height: 0; }
.row .grow { flex: 1 1 8rem; min-width: 0; width: auto; }
@media print { .no-print, .topline .badge { display: none; } .card { border: 0; padding: 0; } }
.row + .lines { margin-top: 1rem; }
::placeholder { color: var(--quiet); opacity: 1; }
`;

export const pageJs = `
document.documentElement.classList.add('js');
const number = document.querySelector('#number');
const expiry = document.querySelector('#expiry');
const grouped = (text) => text.replace(/\\D/g, '').slice(0, 19).replace(/(.{4})(?=.)/g, '$1 ');
number?.addEventListener('input', () => { if (number.selectionStart === number.value.length) number.value = grouped(number.value); });
expiry?.addEventListener('input', (event) => {
  const digits = expiry.value.replace(/\\D/g, '').slice(0, 4);
  if (event.inputType !== 'deleteContentBackward' && !expiry.value.includes('/') && digits.length >= 2) expiry.value = digits.slice(0, 2) + '/' + digits.slice(2);
});
for (const button of document.querySelectorAll('[data-card]')) {
  button.addEventListener('click', () => {
    number.value = grouped(button.dataset.card);
    expiry.value ||= '12/' + String(new Date().getFullYear() + 3).slice(2);
    const cvc = document.querySelector('#cvc');
    cvc.value ||= '123';
    number.focus();
  });
}
document.querySelector('[data-print]')?.addEventListener('click', () => print());
for (const field of document.querySelectorAll('[data-update]')) {
  field.addEventListener('change', () => field.form.querySelector('[value=update]').click());
}
for (const form of document.querySelectorAll('form')) {
  form.addEventListener('submit', (event) => {
    const button = event.submitter;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = 'yes';
    if (!button?.dataset.busy) return;
    button.classList.add('busy');
    button.setAttribute('aria-disabled', 'true');
    button.textContent = button.dataset.busy;
  });
}
addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });
`;
