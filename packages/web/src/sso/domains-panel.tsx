import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { SureButton } from '../parts/sure-button.tsx';
import { useRefusal } from '../problems/use-refusal.ts';
import { ssoMessages } from './messages.ts';
import { type Sso, ssoQuery } from './queries.ts';
import { typedDomain } from './typed-domain.ts';
import { Value } from './value.tsx';

type Domain = Sso['domains'][number];

function DomainRow({ domain }: { readonly domain: Domain }) {
  const text = useText(ssoMessages);
  const { date } = useMessages();
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: ssoQuery.queryKey });
  const params = { domain: domain.domain };
  const check = useMutation({ mutationFn: () => api('verifySsoDomain', { params }), onSettled });
  const letGo = useMutation({ mutationFn: () => api('removeSsoDomain', { params }), onSettled });
  const error = check.error ?? letGo.error;
  const busy = check.isPending || letGo.isPending;
  const { lapsesAt } = domain;
  const pending = domain.status === 'pending';
  const wanting = pending || lapsesAt !== null;
  return (
    <li className="space-y-4 py-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <span className="flex min-w-0 flex-wrap items-center gap-3">
          <span className="font-medium wrap-anywhere">{domain.domain}</span>
          <Badge tone={wanting ? 'wait' : 'good'}>
            {lapsesAt ? text.recordMissing : text.domainStatus[domain.status]}
          </Badge>
        </span>
        <span className="flex flex-wrap gap-3">
          {wanting && (
            <Button look="strong" disabled={busy} onClick={() => check.mutate()}>
              {text.check}
            </Button>
          )}
          <SureButton label={text.letGo} sure={text.letGoSure} disabled={busy} onSure={() => letGo.mutate()} />
        </span>
      </div>
      {wanting && (
        <>
          <p className="max-w-prose text-sm text-soft">
            {lapsesAt ? text.recordMissingText(date(lapsesAt)) : text.recordText}
          </p>
          <dl className="space-y-4">
            <Value label={text.recordName} text={domain.record.name} />
            <Value label={text.recordValue} text={domain.record.value} />
          </dl>
        </>
      )}
      {error && <ProblemNotice error={error} />}
    </li>
  );
}

function ClaimForm({ first }: { readonly first: boolean }) {
  const text = useText(ssoMessages);
  const client = useQueryClient();
  const [domain, setDomain] = useState('');
  const claim = useMutation({
    mutationFn: () => api('claimSsoDomain', { body: { domain: typedDomain(domain) } }),
    onSuccess: () => {
      setDomain('');
      return client.invalidateQueries({ queryKey: ssoQuery.queryKey });
    },
  });
  const fieldError = useRefusal(claim.error).fieldMessage('domain');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    claim.mutate();
  };
  return (
    <form onSubmit={submit} className={`space-y-4 ${first ? 'pt-5' : 'border-t border-line pt-4'}`}>
      <Field label={text.domain} hint={text.domainHint} error={fieldError}>
        {(ids) => (
          <input
            {...ids}
            className={inputClass}
            value={domain}
            maxLength={253}
            required
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => setDomain(event.target.value)}
          />
        )}
      </Field>
      {claim.error && !fieldError && <ProblemNotice error={claim.error} />}
      <Button look={first ? 'strong' : 'plain'} type="submit" disabled={claim.isPending}>
        {text.claim}
      </Button>
    </form>
  );
}

/** The mail domains that the company's provider may speak for, with what proves that they are the company's. */
export function DomainsPanel({ sso }: { readonly sso: Sso }) {
  const text = useText(ssoMessages);
  const none = sso.domains.length === 0;
  return (
    <Panel title={text.domains}>
      <p className="mb-4 max-w-prose text-soft">{text.domainsText}</p>
      {none && <EmptyState title={text.noDomains}>{text.noDomainsText}</EmptyState>}
      <ul className="divide-y divide-line">
        {sso.domains.map((domain) => (
          <DomainRow key={domain.domain} domain={domain} />
        ))}
      </ul>
      <ClaimForm first={none} />
    </Panel>
  );
}
