import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { CallOutput } from '../api/client.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { auditMessages } from './messages.ts';
import { verifyChain } from './queries.ts';

/** What the check came to. */
function Verdict({ found }: { readonly found: CallOutput<'verifyAudit'> }) {
  const { number, date, time } = useMessages();
  const text = useText(auditMessages);
  const { broken, unbroken, sealedAt, waiting } = found;
  if (broken) {
    return (
      <div role="alert" className="space-y-1">
        <p className="font-medium text-bad">{text.broken(number(broken.number))}</p>
        <p>{text.reasons[broken.reason]}</p>
        {broken.entryId && <code className="text-sm wrap-anywhere">{broken.entryId}</code>}
        <p>{text.brokenWhat}</p>
      </div>
    );
  }
  return (
    <div role="status" className="space-y-2">
      <p className="font-medium text-good">
        {sealedAt ? text.unbroken(number(unbroken.number), `${date(sealedAt)} ${time(sealedAt)}`) : text.nothingSealed}
      </p>
      {waiting > 0 && <p className="text-soft">{text.waiting(number(waiting))}</p>}
      {unbroken.number > 0 && (
        <p className="text-sm text-soft">
          {text.hash} <code className="block wrap-anywhere text-ink">{unbroken.hash}</code>
        </p>
      )}
    </div>
  );
}

/** Where somebody makes sure that nothing was changed. */
export function ChainPanel() {
  const { number } = useMessages();
  const text = useText(auditMessages);
  const [checked, setChecked] = useState(0);
  const verify = useMutation({ mutationFn: () => verifyChain(setChecked) });
  return (
    <Panel
      title={text.chain}
      aside={
        <Button disabled={verify.isPending} onClick={() => verify.mutate()}>
          {verify.isPending ? text.verifying(number(checked)) : text.verify}
        </Button>
      }
    >
      <p className="mb-3 max-w-prose text-soft">{text.chainText}</p>
      {verify.error && <ProblemNotice error={verify.error} retry={() => verify.mutate()} />}
      {verify.data && <Verdict found={verify.data} />}
    </Panel>
  );
}
