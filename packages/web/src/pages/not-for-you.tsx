import { Link } from '@tanstack/react-router';
import { defineMessages, useText } from '../messages/define.ts';
import { buttonClass } from '../parts/button.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { PageTitle } from '../parts/page-title.tsx';

const messages = defineMessages(
  {
    title: 'Not open to you at the moment',
    text: 'Your role does not have this page, or the company is not served. An owner or admin of the company can give you another role.',
    back: 'To the dashboard',
  },
  {
    title: '지금은 이 페이지를 볼 수 없습니다',
    text: '현재 역할로는 볼 수 없거나 회사가 서비스를 받지 않는 상태입니다. 회사의 소유자나 관리자가 역할을 바꿔 줄 수 있습니다.',
    back: '대시보드로 이동',
  },
);

/** In the place of a page whose routes would refuse the viewer; nothing of it is asked for. */
export function NotForYou({ title }: { readonly title: string }) {
  const text = useText(messages);
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
        {text.text}
      </EmptyState>
    </>
  );
}
