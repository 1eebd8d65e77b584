import { Link } from '@tanstack/react-router';
import { useViewer } from '../company/company.ts';
import { defineMessages, useText } from '../messages/define.ts';
import { buttonClass } from '../parts/button.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { PageTitle } from '../parts/page-title.tsx';

const messages = defineMessages(
  {
    title: 'Not open to you at the moment',
    text: 'Your role does not have this page, or the company is not served. An owner or admin of the company can give you another role.',
    looking: 'Staff sees what viewers of the company see. They do not have this page, or the company is not served.',
    back: 'To the dashboard',
  },
  {
    title: '지금은 이 페이지를 볼 수 없습니다',
    text: '현재 역할로는 볼 수 없거나 회사가 서비스를 받지 않는 상태입니다. 회사의 소유자나 관리자가 역할을 바꿔 줄 수 있습니다.',
    looking:
      '직원에게는 회사의 조회자가 보는 내용만 보입니다. 조회자는 볼 수 없는 페이지이거나 회사가 서비스를 받지 않는 상태입니다.',
    back: '대시보드로 이동',
  },
);

/** In the place of a page whose routes would refuse the viewer; nothing of it is asked for. */
export function NotForYou({ title }: { readonly title: string }) {
  const text = useText(messages);
  const viewer = useViewer();
  return (
    <>
      <PageTitle>{title}</PageTitle>
      <EmptyState
        title={text.title}
        action={
          <Link to="/dashboard" className={buttonClass()}>
            {text.back}
          </Link>
        }
      >
        {viewer?.me.impersonation ? text.looking : text.text}
      </EmptyState>
    </>
  );
}
