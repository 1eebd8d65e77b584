import { useMutation, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { isSlug } from '@tenantry/core/contract/choices';
import { type FormEvent, useState } from 'react';
import { api } from '../app.ts';
import { JourneySteps } from '../journey/journey-steps.tsx';
import { journeyMessages } from '../journey/messages.ts';
import { useSlugCheck } from '../journey/slug-check.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { PriceChoiceFields, usePriceChoice } from '../pricing/price-choice.tsx';
import { TierFacts } from '../pricing/tier-facts.tsx';
import { useRefusal } from '../problems/use-refusal.ts';
import { localPath } from '../public/addresses.ts';
import { queries } from '../queries.ts';
import { suggestSlug } from './slug.ts';

/** Name, address and tier of a new company; the next page is Stripe's. */
export function RegisterPage() {
  const preselected = useSearch({ strict: false }).tier;
  const { t, language } = useMessages();
  const text = useText(journeyMessages);
  const tiers = useQuery(queries.tiers);
  const [name, setName] = useState('');
  const [typedSlug, setTypedSlug] = useState<string>();
  const [tier, setTier] = useState(preselected ?? 'standard');
  const [choice, setChoice] = usePriceChoice();
  const slug = typedSlug ?? suggestSlug(name);
  const availability = useSlugCheck(slug);
  const register = useMutation({
    mutationFn: () => api('registerTenant', { body: { name, slug, tier, ...choice, language } }),
    onSuccess: ({ checkoutUrl }) => window.location.assign(checkoutUrl),
  });
  const refused = useRefusal(register.error);
  const slugLooksWrong = typedSlug !== undefined && slug !== '' && !isSlug(slug);
  const named = refused.fieldMessage('name') ?? refused.fieldMessage('slug') ?? refused.fieldMessage('tier');

  const submit = (event: FormEvent) => {
    event.preventDefault();
    register.mutate();
  };
  return (
    <>
      <JourneySteps at="company" />
      <PageTitle note={text.registerNote}>{text.registerTitle}</PageTitle>
      <form onSubmit={submit} className="space-y-8" noValidate>
        <div className="grid max-w-3xl gap-6 sm:grid-cols-2">
          <Field label={text.companyName} error={refused.fieldMessage('name')}>
            {(ids) => (
              <input
                {...ids}
                className={inputClass}
                value={name}
                maxLength={100}
                autoComplete="organization"
                required
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field
            label={text.address}
            hint={
              availability === 'checking'
                ? text.checking
                : availability === 'free'
                  ? text.slug.free(slug)
                  : text.addressHint(slug || 'green-shop')
            }
            error={
              slugLooksWrong
                ? text.addressInvalid
                : availability === 'taken' || availability === 'reserved'
                  ? text.slug[availability](slug)
                  : refused.fieldMessage('slug') && refused.text
            }
          >
            {(ids) => (
              <input
                {...ids}
                className={`${inputClass} font-mono`}
                value={slug}
                maxLength={40}
                spellCheck={false}
                autoCapitalize="none"
                required
                onChange={(event) => {
                  register.reset();
                  setTypedSlug(event.target.value.toLowerCase());
                }}
              />
            )}
          </Field>
          <PriceChoiceFields choice={choice} onChange={setChoice} />
        </div>
        <fieldset>
          <legend className="mb-3 text-sm font-medium">{t.tier}</legend>
          {tiers.isPending && <Skeleton lines={5} />}
          <div className="grid gap-4 md:grid-cols-3">
            {tiers.data?.tiers.map((offered) => (
              <label
                key={offered.name}
                className="block cursor-pointer space-y-4 rounded-xl border border-line bg-panel p-5 has-checked:border-accent has-checked:ring-2 has-checked:ring-accent has-focus-visible:outline-3 has-focus-visible:outline-accent"
              >
                <span className="flex items-center gap-3 text-lg font-semibold">
                  <input
                    type="radio"
                    name="tier"
                    aria-label={offered.title}
                    value={offered.name}
                    checked={tier === offered.name}
                    onChange={() => setTier(offered.name)}
                    className="size-4 accent-accent"
                  />
                  {offered.title}
                </span>
                <TierFacts tier={offered} choice={choice} />
              </label>
            ))}
          </div>
          <p className="mt-3 text-sm">
            <a
              href={localPath('/pricing', language)}
              target="_blank"
              rel="noreferrer"
              className="underline underline-offset-4"
            >
              {text.prices}
            </a>
          </p>
        </fieldset>
        {register.error && !named && <ProblemNotice error={register.error} />}
        <Button look="strong" type="submit" disabled={register.isPending || register.isSuccess}>
          {register.isPending || register.isSuccess ? text.creating : text.createCompany}
        </Button>
      </form>
    </>
  );
}
