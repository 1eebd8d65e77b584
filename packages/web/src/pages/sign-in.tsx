import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api, session } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { signInMessages } from '../sign-in/messages.ts';
import { returnPath } from '../sign-in/return-path.ts';

/** Asks who signs in, and leads to where people of that address do. */
export function SignInPage() {
  const { t } = useMessages();
  const text = useText(signInMessages);
  const [email, setEmail] = useState('');
  const returnTo = returnPath(window.location);
  const ended = new URLSearchParams(window.location.search).has('ended');
  const find = useMutation({
    mutationFn: () => api('findSignIn', { body: { domain: email.slice(email.lastIndexOf('@') + 1) } }),
    onSuccess: ({ provider, enforced }) => {
      // Where a password is as good, whoever signs in chooses.
      if (!provider || enforced) void session.startBy(provider, { returnTo, email });
    },
  });
  const provider = find.data?.enforced ? null : find.data?.provider;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (provider) void session.startBy(provider, { returnTo, email });
    else find.mutate();
  };
  return (
    <div className="mx-auto max-w-md">
      <PageTitle note={text.note}>{text.title}</PageTitle>
      {ended && <p className="mb-6 rounded-lg border border-line bg-tint p-4">{text.ended}</p>}
      <form onSubmit={submit} className="space-y-5">
        <Field label={text.email}>
          {(ids) => (
            <input
              {...ids}
              type="email"
              autoComplete="username"
              className={inputClass}
              value={email}
              maxLength={254}
              required
              onChange={(event) => {
                setEmail(event.target.value);
                find.reset();
              }}
            />
          )}
        </Field>
        {find.error && <ProblemNotice error={find.error} />}
        <p role="status" className="text-soft empty:hidden">
          {provider && text.byCompanyText}
        </p>
        <div className="space-y-3">
          {/* One button for both steps, so that the keyboard stays where it is. */}
          <Button look="strong" type="submit" className="w-full" disabled={find.isPending}>
            {provider ? text.byCompany : text.goOn}
          </Button>
          {provider && (
            <Button className="w-full" onClick={() => session.startBy(null, { returnTo, email })}>
              {text.byPassword}
            </Button>
          )}
        </div>
      </form>
      <p className="mt-8 flex flex-wrap items-center gap-3 text-soft">
        {text.noAccount}
        <Button onClick={() => session.start('signup', returnTo)}>{t.signUp}</Button>
      </p>
    </div>
  );
}
