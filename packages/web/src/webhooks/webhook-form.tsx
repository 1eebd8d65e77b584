import { useMutation, useQueryClient } from '@tanstack/react-query';
import { offeredEventTypes, type WebhookEventType } from '@tenantry/core/contract/choices';
import { type FormEvent, useState } from 'react';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useRefusal } from '../problems/use-refusal.ts';
import { webhookMessages } from './messages.ts';
import { webhooksQuery } from './queries.ts';

export interface Settings {
  readonly url: string;
  readonly description: string;
  readonly events: WebhookEventType[];
}

/** What a webhook is told, each type with what it means. */
function EventChoice({
  chosen,
  onChange,
}: {
  readonly chosen: readonly WebhookEventType[];
  readonly onChange: (events: WebhookEventType[]) => void;
}) {
  const text = useText(webhookMessages);
  return (
    <fieldset className="space-y-2">
      <legend className="text-sm font-medium">{text.events}</legend>
      <Button onClick={() => onChange([...offeredEventTypes])}>{text.chooseAll}</Button>
      <div className="max-h-64 space-y-1 overflow-y-auto rounded-lg border border-line p-3">
        {offeredEventTypes.map((type) => (
          <label key={type} className="flex min-h-9 items-center gap-3 text-sm">
            <input
              type="checkbox"
              className="size-4 shrink-0 accent-accent"
              checked={chosen.includes(type)}
              onChange={({ target }) =>
                onChange(offeredEventTypes.filter((one) => (one === type ? target.checked : chosen.includes(one))))
              }
            />
            <span>
              {text.eventTitles[type]} <code className="block text-xs text-soft">{type}</code>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** What somebody says of a webhook, new or to be changed. */
export function WebhookForm<Saved>({
  initial,
  save,
  label,
  onSaved,
  onClose,
}: {
  readonly initial: Settings;
  readonly save: (settings: Settings) => Promise<Saved>;
  /** What the button is called. */
  readonly label: string;
  readonly onSaved: (saved: Saved) => void;
  readonly onClose: () => void;
}) {
  const { t } = useMessages();
  const text = useText(webhookMessages);
  const client = useQueryClient();
  const [settings, setSettings] = useState(initial);
  const [tried, setTried] = useState(false);
  const saving = useMutation({
    mutationFn: () => save(settings),
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: webhooksQuery.queryKey });
      onSaved(saved);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (settings.events.length > 0) saving.mutate();
  };
  const { fieldMessage: message } = useRefusal(saving.error);
  const elsewhere = saving.error && !message('url') && !message('description');
  return (
    <form onSubmit={submit} className="space-y-5">
      <Field label={text.url} hint={text.urlHint} error={message('url')}>
        {(ids) => (
          <input
            {...ids}
            type="url"
            autoComplete="off"
            className={inputClass}
            value={settings.url}
            maxLength={2048}
            required
            onChange={({ target }) => setSettings({ ...settings, url: target.value })}
          />
        )}
      </Field>
      <Field label={text.description} hint={text.descriptionHint} error={message('description')}>
        {(ids) => (
          <input
            {...ids}
            className={inputClass}
            value={settings.description}
            maxLength={200}
            onChange={({ target }) => setSettings({ ...settings, description: target.value })}
          />
        )}
      </Field>
      <EventChoice chosen={settings.events} onChange={(events) => setSettings({ ...settings, events })} />
      {tried && settings.events.length === 0 && (
        <p role="alert" className="text-sm text-bad">
          {text.eventsNeeded}
        </p>
      )}
      {elsewhere && <ProblemNotice error={saving.error} />}
      <div className="flex justify-end gap-3">
        <Button onClick={onClose}>{t.cancel}</Button>
        <Button look="strong" type="submit" disabled={saving.isPending}>
          {label}
        </Button>
      </div>
    </form>
  );
}
