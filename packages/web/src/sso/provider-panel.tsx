import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../app.ts';
import { useText } from '../messages/define.ts';
import { Badge } from '../parts/badge.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Segmented } from '../parts/segmented.tsx';
import { SureButton } from '../parts/sure-button.tsx';
import { ssoMessages } from './messages.ts';
import { OidcForm, SamlForm } from './provider-forms.tsx';
import { type Sso, ssoQuery } from './queries.ts';
import { Value } from './value.tsx';

function Removal() {
  const text = useText(ssoMessages);
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api('removeSsoProvider', {}),
    onSettled: () => client.invalidateQueries({ queryKey: ssoQuery.queryKey }),
  });
  return (
    <div className="mt-6 space-y-3 border-t border-line pt-4">
      <p className="max-w-prose text-sm text-soft">{text.removeText}</p>
      <SureButton
        label={text.remove}
        sure={text.removeSure}
        disabled={remove.isPending}
        onSure={() => remove.mutate()}
      />
      {remove.error && <ProblemNotice error={remove.error} />}
    </div>
  );
}

/** The company's provider: what it is told of this system, and how it is reached. */
export function ProviderPanel({ sso, maySave }: { readonly sso: Sso; readonly maySave: boolean }) {
  const text = useText(ssoMessages);
  const { provider, setup } = sso;
  const [chosen, setKind] = useState<'oidc' | 'saml'>('oidc');
  const kind = provider?.kind ?? chosen;
  return (
    <Panel
      title={text.provider}
      aside={
        provider && (
          <Badge tone={provider.status === 'ready' ? 'good' : 'wait'}>{text.providerStatus[provider.status]}</Badge>
        )
      }
    >
      {!maySave && <p className="mb-4 max-w-prose text-soft">{provider ? text.ownersOnly : text.notYet}</p>}
      {!provider && (
        <div className="mb-4">
          <Segmented label={text.kind} options={text.kinds} value={kind} onChange={setKind} />
        </div>
      )}
      {maySave && <p className="mb-4 max-w-prose text-soft">{text.setupTexts[kind]}</p>}
      <dl className="space-y-4">
        {kind === 'oidc' ? (
          <Value label={text.redirectUri} text={setup.redirectUri} />
        ) : (
          <>
            <Value label={text.acsUrl} text={setup.acsUrl} />
            <Value label={text.entityId} text={setup.entityId} />
          </>
        )}
      </dl>
      {maySave && (
        <div className="mt-6">
          {kind === 'oidc' ? (
            <OidcForm key={provider?.savedAt ?? 'new'} provider={provider} />
          ) : (
            <SamlForm key={provider?.savedAt ?? 'new'} provider={provider} />
          )}
          {provider && <Removal />}
        </div>
      )}
    </Panel>
  );
}
