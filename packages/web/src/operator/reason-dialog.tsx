import { type FormEvent, type ReactNode, useState } from 'react';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { operatorMessages } from './messages.ts';

/** Asks why, and for the company's address where there is no way back. */
export function ReasonDialog({
  title,
  slug,
  children,
  error,
  busy,
  onReason,
  onClose,
}: {
  readonly title: string;
  /** Set where it must be typed to confirm. */
  readonly slug?: string | undefined;
  /** What else must be said, above the reason. */
  readonly children?: ReactNode;
  readonly error: unknown;
  readonly busy: boolean;
  readonly onReason: (reason: string) => void;
  readonly onClose: () => void;
}) {
  const { t } = useMessages();
  const text = useText(operatorMessages);
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onReason(reason);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit} className="space-y-5">
        {children}
        <Field label={text.reason} hint={text.reasonHint}>
          {(ids) => (
            <textarea
              {...ids}
              className={inputClass}
              rows={3}
              minLength={3}
              maxLength={300}
              required
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        {slug && (
          <Field label={text.confirm} hint={text.confirmHint(slug)}>
            {(ids) => (
              <input
                {...ids}
                className={inputClass}
                autoComplete="off"
                required
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
        )}
        {error !== null && <ProblemNotice error={error} />}
        <div className="flex justify-end gap-3">
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button
            look={slug ? 'danger' : 'strong'}
            type="submit"
            disabled={busy || (slug !== undefined && typed !== slug)}
          >
            {title}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
