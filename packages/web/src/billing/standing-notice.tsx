import { useMutation } from '@tanstack/react-query';
import type { CallOutput } from '../api/client.ts';
import { api } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { Button, buttonClass } from '../parts/button.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';

type Billing = CallOutput<'getBilling'>;

/** Leads away to a page of Stripe. */
const useLeaving = (url: () => Promise<string>) =>
  useMutation({ mutationFn: url, onSuccess: (to) => window.location.assign(to) });

/** What is wrong with a company's billing, by when it matters, and the button that puts it right; nothing where nothing is wrong. */
export function StandingNotice({ billing, owner }: { readonly billing: Billing; readonly owner: boolean }) {
  const { t, money, date } = useMessages();
  const subscribe = useLeaving(async () => (await api('createCheckout', {})).checkoutUrl);
  const portal = useLeaving(async () => (await api('createPortal', {})).portalUrl);
  const { standing, todo, owed } = billing;
  if (todo === 'nothing' || standing === 'none') return null;
  const words = t.standingText({
    standing,
    amount: owed ? money(owed.amount, owed.currency) : '',
    suspendsOn: owed ? date(owed.suspendsAt) : '',
    deactivatesOn: owed ? date(owed.deactivatesAt) : '',
  });
  return (
    <div role="alert" className="mb-5 space-y-3 rounded-xl border border-wait bg-panel p-5">
      <p className="font-medium">{t.standingTitle[standing]}</p>
      <p className="text-soft">{words}</p>
      {todo === 'pay' && owed?.payUrl && (
        <a className={buttonClass('strong')} href={owed.payUrl}>
          {t.payNow}
        </a>
      )}
      {owner && todo === 'subscribe' && (
        <Button look="strong" disabled={subscribe.isPending} onClick={() => subscribe.mutate()}>
          {t.subscribeAgain}
        </Button>
      )}
      {owner && todo === 'resume' && (
        <Button look="strong" disabled={portal.isPending} onClick={() => portal.mutate()}>
          {t.resume}
        </Button>
      )}
      {(subscribe.error ?? portal.error) && <ProblemNotice error={subscribe.error ?? portal.error} />}
    </div>
  );
}
