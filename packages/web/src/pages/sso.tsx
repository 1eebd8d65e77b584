import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useViewer } from '../company/company.ts';
import { useText } from '../messages/define.ts';
import { buttonClass } from '../parts/button.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { DomainsPanel } from '../sso/domains-panel.tsx';
import { ssoMessages } from '../sso/messages.ts';
import { ProviderPanel } from '../sso/provider-panel.tsx';
import { ssoQuery } from '../sso/queries.ts';
import { RulesPanel, TestPanel } from '../sso/rules-panel.tsx';
import { NotForYou } from './not-for-you.tsx';

function Setup({ maySave, mayBuy }: { readonly maySave: boolean; readonly mayBuy: boolean }) {
  const text = useText(ssoMessages);
  const sso = useQuery(ssoQuery);
  if (sso.isPending) return <Skeleton lines={8} />;
  if (sso.error) return <ProblemNotice error={sso.error} retry={() => sso.refetch()} />;
  const { included, provider, domains } = sso.data;
  return (
    <div className="grid grid-cols-1 gap-5">
      {!included && (
        <EmptyState
          title={text.notIncluded}
          action={
            mayBuy && (
              <Link to="/billing" className={buttonClass('strong')}>
                {text.seeTiers}
              </Link>
            )
          }
        >
          {text.notIncludedText}
        </EmptyState>
      )}
      {(included || domains.length > 0) && <DomainsPanel sso={sso.data} />}
      {(included || provider) && <ProviderPanel sso={sso.data} maySave={maySave} />}
      {provider?.status === 'ready' && <TestPanel sso={sso.data} />}
      {provider && <RulesPanel sso={sso.data} mayChange={maySave} />}
    </div>
  );
}

/** Sign-in by the company's own provider, for those who may look at it; owners set it up. */
export function SsoPage() {
  const text = useText(ssoMessages);
  const viewer = useViewer();
  if (!viewer) return <Skeleton lines={8} />;
  if (!viewer.may('getSso')) return <NotForYou title={text.title} />;
  return (
    <>
      <PageTitle note={text.note}>{text.title}</PageTitle>
      <Setup maySave={viewer.may('saveSsoProvider')} mayBuy={viewer.may('changeTier')} />
    </>
  );
}
