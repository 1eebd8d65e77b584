import { defineMessages } from '../messages/define.ts';

/** What the page that asks who signs in says. */
export const signInMessages = defineMessages(
  {
    title: 'Sign in',
    note: 'Enter your address. If your company has a sign-in of its own, you are sent there.',
    email: 'Email',
    goOn: 'Continue',
    byCompany: 'Sign in with your company',
    byCompanyText: 'Your company has a sign-in of its own.',
    byPassword: 'Use a password instead',
    noAccount: 'No account yet?',
    ended:
      'Your session has ended: the way you signed in is not allowed any more. Enter your address, and you are sent to the one that is.',
  },
  {
    title: '로그인',
    note: '메일 주소를 입력합니다. 회사에 자체 로그인이 있으면 그곳으로 이동합니다.',
    email: '이메일',
    goOn: '계속',
    byCompany: '회사 계정으로 로그인',
    byCompanyText: '회사의 자체 로그인을 사용할 수 있습니다.',
    byPassword: '비밀번호로 로그인',
    noAccount: '계정이 없습니까?',
    ended:
      '이전에 사용한 로그인 방식이 더 이상 허용되지 않아 세션이 종료되었습니다. 메일 주소를 입력하면 지금 사용할 수 있는 로그인으로 이동합니다.',
  },
);
