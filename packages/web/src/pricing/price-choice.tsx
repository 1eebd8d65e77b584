import { type Currency, type Interval, offeredCurrencies, offeredIntervals } from '@tenantry/core/contract/choices';
import { useState } from 'react';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Field, inputClass } from '../parts/field.tsx';
import { pricingMessages } from './messages.ts';

/** How often is paid, and in what. */
export interface PriceChoice {
  readonly interval: Interval;
  readonly currency: Currency;
}

export function usePriceChoice(): readonly [PriceChoice, (choice: PriceChoice) => void] {
  const { language } = useMessages();
  return useState<PriceChoice>({ interval: 'month', currency: language === 'ko' ? 'krw' : 'usd' });
}

export function PriceChoiceFields({
  choice,
  onChange,
}: {
  readonly choice: PriceChoice;
  readonly onChange: (choice: PriceChoice) => void;
}) {
  const text = useText(pricingMessages);
  return (
    <>
      <Field label={text.interval}>
        {(ids) => (
          <select
            {...ids}
            className={inputClass}
            value={choice.interval}
            onChange={({ target }) =>
              onChange({ ...choice, interval: offeredIntervals.find((one) => one === target.value) ?? 'month' })
            }
          >
            {offeredIntervals.map((one) => (
              <option key={one} value={one}>
                {text.paidBy[one]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={text.currency}>
        {(ids) => (
          <select
            {...ids}
            className={inputClass}
            value={choice.currency}
            onChange={({ target }) =>
              onChange({ ...choice, currency: offeredCurrencies.find((one) => one === target.value) ?? 'usd' })
            }
          >
            {offeredCurrencies.map((one) => (
              <option key={one} value={one}>
                {one.toUpperCase()}
              </option>
            ))}
          </select>
        )}
      </Field>
    </>
  );
}
