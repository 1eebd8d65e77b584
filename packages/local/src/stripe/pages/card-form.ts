/** The fields of a card, with what was wrong and the cards to try it with. */

import { type Html, html } from '../../mail/html.ts';
import type { StripeError } from '../wire/error.ts';
import type { Words } from './words.ts';

/** An error in the reader's language where there is a sentence for it. */
export function explain(words: Words, error: StripeError): string {
  const { code = '', decline_code = '' } = error.details;
  return words.errors[decline_code] ?? words.errors[code] ?? error.message;
}

export function alertOf(words: Words, error: StripeError | undefined): Html | undefined {
  return error && html`<p class="alert" role="alert" id="problem">${explain(words, error)}</p>`;
}

const fieldOf: Readonly<Record<string, string>> = {
  number: 'number',
  exp_month: 'expiry',
  exp_year: 'expiry',
  cvc: 'cvc',
  email: 'email',
  code: 'code',
};

/** The attributes that tie a field to the alert above it. */
export function faultAttributes(error: StripeError | undefined, field: string): Html | undefined {
  return error && fieldOf[error.details.param ?? ''] === field
    ? html` aria-invalid="true" aria-describedby="problem" autofocus`
    : undefined;
}

export function cardFields(words: Words, error: StripeError | undefined): Html {
  return html`<div class="field"><label for="number">${words.cardNumber}</label>
<input id="number" name="number" inputmode="numeric" autocomplete="cc-number" placeholder="4242 4242 4242 4242" maxlength="30" required${faultAttributes(error, 'number')}></div>
<div class="pair">
<div class="field"><label for="expiry">${words.expiry}</label>
<input id="expiry" name="expiry" inputmode="numeric" autocomplete="cc-exp" placeholder="12/34" maxlength="7" required${faultAttributes(error, 'expiry')}></div>
<div class="field"><label for="cvc">${words.cvc}</label>
<input id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc" placeholder="123" maxlength="4" required${faultAttributes(error, 'cvc')}></div>
</div>`;
}

export function testCardHints(words: Words): Html {
  const rows = Object.entries(words.cardEffects).map(
    ([
      number,
      effect,
    ]) => html`<tr><td class="card-number"><code>${number.replace(/(.{4})(?=.)/g, '$1 ')}</code></td><td>${effect}</td>
<td class="number"><button type="button" class="plain small js-only" data-card="${number}">${words.use}<span class="visually-hidden"> ${number}</span></button></td></tr>`,
  );
  return html`<details><summary>${words.testCards}</summary><p class="quiet">${words.testCardsHint}</p>
<div class="scroll"><table><tbody>${rows}</tbody></table></div></details>`;
}
