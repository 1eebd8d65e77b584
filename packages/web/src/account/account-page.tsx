import { useQuery } from '@tanstack/react-query';
import type { CallOutput } from '../api/client.ts';
import { type Language, languages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Field, inputClass } from '../parts/field.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { queries } from '../queries.ts';
import { useLanguageChoice } from '../shell/language-choice.ts';
import { MailsPanel } from './mails-panel.tsx';
import { accountMessages } from './messages.ts';

function AccountPanel({ me }: { readonly me: CallOutput<'getMe'> }) {
  const text = useText(accountMessages);
  const choose = useLanguageChoice();
  return (
    <Panel title={text.account}>
      <div className="max-w-lg space-y-5">
        <Field label={text.address} hint={text.addressHint}>
          {(ids) => <input {...ids} className={inputClass} value={me.email} readOnly />}
        </Field>
        <Field label={text.language} hint={text.languageHint}>
          {(ids) => (
            <select
              {...ids}
              className={inputClass}
              value={me.language ?? ''}
              onChange={(event) => choose(event.target.value as Language)}
            >
              {me.language === null && (
                <option value="" disabled>
                  {text.languageOfCompany}
                </option>
              )}
              {Object.entries(languages).map(([code, name]) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
    </Panel>
  );
}

/** What holds for a person in all of their companies. */
export function AccountPage() {
  const text = useText(accountMessages);
  const me = useQuery(queries.me);
  return (
    <>
      <PageTitle note={text.note}>{text.title}</PageTitle>
      {me.isPending && <Skeleton lines={8} />}
      {me.error && <ProblemNotice error={me.error} retry={() => me.refetch()} />}
      {me.data && (
        <div className="grid grid-cols-1 gap-5">
          <AccountPanel me={me.data} />
          <MailsPanel mails={me.data.mails} />
        </div>
      )}
    </>
  );
}
