import { useMutation, useQueryClient } from '@tanstack/react-query';
import { announcementLimits } from '@tenantry/core/contract/announcement-blocks';
import { newAnnouncementId } from '@tenantry/core/contract/announcement-id';
import { useState } from 'react';
import type { CallInput } from '../../api/client.ts';
import { api } from '../../app.ts';
import { type Language, languages, useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { Button } from '../../parts/button.tsx';
import { Field, inputClass } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { SureButton } from '../../parts/sure-button.tsx';
import { useToast } from '../../parts/toasts.tsx';
import { offeredTiers, tierTitle } from '../../pricing/tier-title.ts';
import { useRefusal } from '../../problems/use-refusal.ts';
import { announcementsMessages } from './messages.ts';
import { Preview } from './preview.tsx';
import { announcementsQuery } from './queries.ts';

type Sent = CallInput<'sendAnnouncement'>['body'];
type Audience = Sent['audience'];

const nothing = { subject: { en: '', ko: '' }, body: { en: '', ko: '' } };

const audiences: Readonly<Record<Audience['kind'], Audience>> = {
  all: { kind: 'all' },
  tier: { kind: 'tier', tier: 'standard' },
  company: { kind: 'company', tenantId: 'ten_' },
};

function AudienceField({
  value,
  error,
  onChange,
}: {
  readonly value: Audience;
  readonly error: string | undefined;
  readonly onChange: (value: Audience) => void;
}) {
  const text = useText(announcementsMessages);
  return (
    <div className="space-y-3">
      <Segmented
        label={text.to}
        options={text.audiences}
        value={value.kind}
        onChange={(kind) => onChange(audiences[kind])}
      />
      {value.kind === 'tier' && (
        <Field label={text.tier}>
          {(ids) => (
            <select
              {...ids}
              className={inputClass}
              value={value.tier}
              onChange={({ target }) =>
                onChange({ kind: 'tier', tier: offeredTiers.find((tier) => tier === target.value) ?? 'standard' })
              }
            >
              {offeredTiers.map((tier) => (
                <option key={tier} value={tier}>
                  {tierTitle(tier)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {value.kind === 'company' && (
        <Field label={text.company} hint={text.companyHint} error={error}>
          {(ids) => (
            <input
              {...ids}
              className={`${inputClass} font-mono text-sm`}
              maxLength={30}
              value={value.tenantId}
              onChange={({ target }) => onChange({ kind: 'company', tenantId: target.value as `ten_${string}` })}
            />
          )}
        </Field>
      )}
    </div>
  );
}

/** An announcement as it is written, tried and sent. */
export function WritePanel() {
  const text = useText(announcementsMessages);
  const { language: spoken } = useMessages();
  const toast = useToast();
  const client = useQueryClient();
  const [language, setLanguage] = useState<Language>(spoken);
  const [draft, setDraft] = useState(nothing);
  const [audience, setAudience] = useState<Audience>(audiences.all);
  // Kept until it is sent, so that a second try sends nothing twice.
  const [announcementId, setAnnouncementId] = useState(newAnnouncementId);
  const test = useMutation({
    mutationFn: () => api('testAnnouncement', { body: { ...draft, language } }),
    onSuccess: ({ to }) => toast(text.tested(to, text.languages[language])),
  });
  const send = useMutation({
    mutationFn: () => api('sendAnnouncement', { params: { announcementId }, body: { ...draft, audience } }),
    onSuccess: () => {
      setDraft(nothing);
      setAnnouncementId(newAnnouncementId());
      toast(text.sent);
    },
    onSettled: () => client.invalidateQueries(announcementsQuery),
  });
  const whole = [draft.subject, draft.body].every(({ en, ko }) => en.trim() !== '' && ko.trim() !== '');
  const error = send.error ?? test.error;
  const refusal = useRefusal(error);
  const companyError = refusal.fieldMessage('audience.tenantId');
  const change = (part: keyof typeof draft, value: string) =>
    setDraft({ ...draft, [part]: { ...draft[part], [language]: value } });
  const named = text.languages[language];
  return (
    <Panel
      title={text.write}
      aside={<Segmented label={text.writtenIn} options={languages} value={language} onChange={setLanguage} />}
    >
      <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
        <div className="space-y-4">
          <Field label={text.subject(named)}>
            {(ids) => (
              <input
                {...ids}
                lang={language}
                className={inputClass}
                maxLength={announcementLimits.subject}
                value={draft.subject[language]}
                onChange={({ target }) => change('subject', target.value)}
              />
            )}
          </Field>
          <Field label={text.body(named)} hint={text.bodyHint}>
            {(ids) => (
              <textarea
                {...ids}
                lang={language}
                rows={9}
                className={inputClass}
                maxLength={announcementLimits.body}
                value={draft.body[language]}
                onChange={({ target }) => change('body', target.value)}
              />
            )}
          </Field>
          <AudienceField value={audience} error={companyError} onChange={setAudience} />
        </div>
        <Preview subject={draft.subject[language]} body={draft.body[language]} language={language} />
      </div>
      <div className="mt-5 flex flex-wrap items-center gap-3">
        <Button
          disabled={!whole || test.isPending}
          onClick={() => {
            send.reset();
            test.mutate();
          }}
        >
          {text.test}
        </Button>
        <SureButton
          label={text.send}
          sure={audience.kind === 'tier' ? text.sure.tier(audience.tier) : text.sure[audience.kind]}
          disabled={!whole || send.isPending}
          onSure={() => {
            test.reset();
            send.mutate();
          }}
        />
        {!whole && <span className="text-sm text-soft">{text.missing}</span>}
      </div>
      {error && !companyError && (
        <div className="mt-4">
          <ProblemNotice error={error} />
        </div>
      )}
    </Panel>
  );
}
