import { type MailSample, mailSamples } from '@tenantry/core/mail/samples';
import { type Language, languages } from '@tenantry/core/tenant/language';
import { html } from '../html.ts';
import type { Page } from '../layout.ts';

/** What the frame around a mail's page allows: its own styles, and nothing else. */
export const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'; base-uri 'none'";

const languageNames = { en: 'English', ko: '한국어' } as const satisfies Record<Language, string>;

const addressOf = (name: string, language: Language): string => `/mails/${name}-${language}`;

/** Every mail that the product sends, with sample facts, in both languages. */
export function mailsPage(): Page {
  const rows = mailSamples().map(
    ({ name, write }) =>
      html`<tr><th scope="row"><code>${name}</code></th>${languages.map(
        (language) =>
          html`<td lang="${language}"><a href="${addressOf(name, language)}">${write(language).subject}</a></td>`,
      )}</tr>`,
  );
  const body = html`<p>Every mail that the product sends, with facts made up. Those that were really sent are in the inbox.</p>
<div class="scroll"><table>
<thead><tr><th scope="col">Mail</th>${languages.map((language) => html`<th scope="col">${languageNames[language]}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
  return { title: 'Mails', section: '/mails', body };
}

function findSample(address: string): { readonly sample: MailSample; readonly language: Language } | undefined {
  for (const sample of mailSamples()) {
    const language = languages.find((one) => address === `${sample.name}-${one}`);
    if (language) return { sample, language };
  }
  return undefined;
}

/** One mail as it is shown and as plain text. @param address its name and language */
export function mailPage(address: string): Page | undefined {
  const found = findSample(address);
  if (!found) return undefined;
  const { sample, language } = found;
  const { subject, text, html: markup } = sample.write(language);
  const others = languages.map((one) =>
    one === language
      ? html`${languageNames[one]} `
      : html`<a href="${addressOf(sample.name, one)}">${languageNames[one]}</a> `,
  );
  const body = html`<p><a href="/mails">All mails</a> · ${others} · ${Math.ceil(Buffer.byteLength(markup) / 1000)} kB</p>
<h2>As a page</h2>
<iframe class="mail" sandbox title="${subject}" src="${addressOf(sample.name, language)}/html"></iframe>
<h2>As text</h2>
<pre class="mail" lang="${language}" tabindex="0">${text}</pre>`;
  return { title: subject, section: '/mails', body };
}

/** The mail's own page, for the frame. */
export function mailMarkup(address: string): string | undefined {
  const found = findSample(address);
  return found?.sample.write(found.language).html;
}
