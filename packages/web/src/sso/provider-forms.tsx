import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { CallInput } from '../api/client.ts';
import { api } from '../app.ts';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useToast } from '../parts/toasts.tsx';
import { useRefusal } from '../problems/use-refusal.ts';
import { ssoMessages } from './messages.ts';
import { type Sso, ssoQuery } from './queries.ts';

/** Characters that the API takes of a document of metadata. */
const METADATA_MAX = 100_000;
/** Of UTF-8. */
const BYTES_PER_CHARACTER_MAX = 4;

interface Props {
  readonly provider: Sso['provider'];
}

/** Saves the provider, and keeps what came back. */
function useSaving(onSaved?: () => void) {
  const text = useText(ssoMessages);
  const toast = useToast();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CallInput<'saveSsoProvider'>['body']) => api('saveSsoProvider', { body }),
    onSuccess: (sso) => {
      onSaved?.();
      client.setQueryData(ssoQuery.queryKey, sso);
      toast(text.saved);
    },
  });
}

function Form({
  saving,
  fields,
  onSubmit,
  children,
}: {
  readonly saving: { readonly error: unknown; readonly isPending: boolean };
  /** Of which each shows its own error. */
  readonly fields: readonly string[];
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}) {
  const text = useText(ssoMessages);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  const refusal = useRefusal(saving.error);
  const shown = fields.some((field) => refusal.fieldMessage(field));
  return (
    <form onSubmit={submit} className="space-y-4">
      {children}
      {saving.error instanceof Error && !shown && <ProblemNotice error={saving.error} />}
      <Button look="strong" type="submit" disabled={saving.isPending}>
        {text.save}
      </Button>
    </form>
  );
}

/** How a provider of OpenID Connect is reached. A secret is sent and never shown. */
export function OidcForm({ provider }: Props) {
  const text = useText(ssoMessages);
  const [issuer, setIssuer] = useState(provider?.issuer ?? '');
  const [clientId, setClientId] = useState(provider?.clientId ?? '');
  const [clientSecret, setClientSecret] = useState('');
  const saving = useSaving(() => setClientSecret(''));
  const refusal = useRefusal(saving.error);
  const save = () => saving.mutate({ kind: 'oidc', issuer, clientId, clientSecret });
  return (
    <Form saving={saving} fields={['issuer', 'clientId', 'clientSecret']} onSubmit={save}>
      <Field label={text.issuer} hint={text.issuerHint} error={refusal.fieldMessage('issuer')}>
        {(ids) => (
          <input
            {...ids}
            type="url"
            className={inputClass}
            value={issuer}
            maxLength={500}
            required
            onChange={(event) => setIssuer(event.target.value)}
          />
        )}
      </Field>
      <Field label={text.clientId} error={refusal.fieldMessage('clientId')}>
        {(ids) => (
          <input
            {...ids}
            className={inputClass}
            value={clientId}
            maxLength={200}
            required
            autoComplete="off"
            onChange={(event) => setClientId(event.target.value)}
          />
        )}
      </Field>
      <Field
        label={text.clientSecret}
        hint={provider ? text.secretAgain : undefined}
        error={refusal.fieldMessage('clientSecret')}
      >
        {(ids) => (
          <input
            {...ids}
            type="password"
            className={inputClass}
            value={clientSecret}
            maxLength={500}
            required
            autoComplete="off"
            onChange={(event) => setClientSecret(event.target.value)}
          />
        )}
      </Field>
    </Form>
  );
}

/** What a provider of SAML says of itself: where it is published, or the document. */
export function SamlForm({ provider }: Props) {
  const text = useText(ssoMessages);
  const [metadataUrl, setMetadataUrl] = useState(provider?.metadataUrl ?? '');
  const [metadata, setMetadata] = useState('');
  const [isUnreadable, setUnreadable] = useState(false);
  const saving = useSaving();
  const refusal = useRefusal(saving.error);
  const save = () => saving.mutate({ kind: 'saml', ...(metadata ? { metadata } : { metadataUrl }) });
  const choose = async (file: File | undefined) => {
    if (!file) return;
    const read = file.size <= METADATA_MAX * BYTES_PER_CHARACTER_MAX ? await file.text() : '';
    const usable = read !== '' && read.length <= METADATA_MAX;
    setUnreadable(!usable);
    if (usable) setMetadata(read);
  };
  return (
    <Form saving={saving} fields={['metadataUrl', 'metadata']} onSubmit={save}>
      {provider?.status === 'ready' && provider.metadataUrl === null && (
        <p className="max-w-prose text-sm text-soft">{text.metadataKept}</p>
      )}
      <Field label={text.metadataUrl} hint={text.metadataUrlHint} error={refusal.fieldMessage('metadataUrl')}>
        {(ids) => (
          <input
            {...ids}
            type="url"
            className={inputClass}
            value={metadataUrl}
            maxLength={500}
            required={!metadata}
            disabled={metadata !== ''}
            onChange={(event) => setMetadataUrl(event.target.value)}
          />
        )}
      </Field>
      <Field label={text.metadata} error={refusal.fieldMessage('metadata')}>
        {(ids) => (
          <textarea
            {...ids}
            className={`${inputClass} font-mono text-sm`}
            rows={4}
            value={metadata}
            maxLength={METADATA_MAX}
            spellCheck={false}
            onChange={(event) => setMetadata(event.target.value)}
          />
        )}
      </Field>
      <Field label={text.metadataFile} error={isUnreadable ? text.notAFile : undefined}>
        {(ids) => (
          <input
            {...ids}
            type="file"
            accept=".xml,text/xml,application/xml,application/samlmetadata+xml"
            className={inputClass}
            onChange={({ target }) => choose(target.files?.[0])}
          />
        )}
      </Field>
    </Form>
  );
}
