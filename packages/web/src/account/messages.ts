import { defineMessages } from '../messages/define.ts';

/** What the page of one's own account says, and the one that mails lead to. */
export const accountMessages = defineMessages(
  {
    title: 'Your account',
    note: 'What holds for you in all companies that you belong to.',
    account: 'Account',
    address: 'Mail address',
    addressHint: 'It is the one that you sign in with.',
    language: 'Language',
    languageHint: 'Of this site on all your machines, and of mails to you.',
    languageOfCompany: 'As the company has it',
    mails: 'Mails',
    mailsText:
      'Mails about payments, and about what becomes of a company, go to its owners always. These you may do without:',
    categories: { weeklyReport: 'Weekly report', announcements: 'Announcements' },
    descriptions: {
      weeklyReport:
        'On Mondays: events, recommendations, clicks and revenue of the week. For owners and administrators.',
      announcements: 'What is new, and when we work on the service. For owners and administrators.',
    },
    saved: 'Saved',
    leaveTitle: 'Unsubscribe',
    leaveText: 'Press the button, and you get no more mails of this kind. You need not sign in.',
    leave: 'Unsubscribe',
    left: {
      weeklyReport: 'You get no more weekly reports.',
      announcements: 'You get no more announcements.',
    },
    back: 'You can have them back on the page of your account.',
    toAccount: 'To your account',
    noToken: 'This link is not whole. Use the one in the mail, or choose your mails on the page of your account.',
  },
  {
    title: '내 계정',
    note: '소속된 모든 회사에 공통으로 적용되는 설정입니다.',
    account: '계정',
    address: '이메일 주소',
    addressHint: '로그인할 때 사용하는 주소입니다.',
    language: '언어',
    languageHint: '모든 기기의 이 사이트와 받으시는 메일에 적용됩니다.',
    languageOfCompany: '회사의 언어를 따름',
    mails: '메일',
    mailsText: '결제와 회사의 상태에 관한 메일은 항상 소유자에게 보냅니다. 다음 메일은 받지 않으실 수 있습니다.',
    categories: { weeklyReport: '주간 보고서', announcements: '공지' },
    descriptions: {
      weeklyReport: '매주 월요일에 한 주의 이벤트, 추천, 클릭, 매출을 보내 드립니다. 소유자와 관리자에게 보냅니다.',
      announcements: '새로운 기능과 점검 일정을 알려 드립니다. 소유자와 관리자에게 보냅니다.',
    },
    saved: '저장했습니다',
    leaveTitle: '수신 거부',
    leaveText: '버튼을 누르시면 이 종류의 메일을 더 이상 보내지 않습니다. 로그인하실 필요가 없습니다.',
    leave: '수신 거부',
    left: {
      weeklyReport: '주간 보고서를 더 이상 보내지 않습니다.',
      announcements: '공지를 더 이상 보내지 않습니다.',
    },
    back: '계정 페이지에서 언제든지 다시 받으실 수 있습니다.',
    toAccount: '내 계정으로 이동',
    noToken: '링크가 올바르지 않습니다. 메일에 있는 링크를 사용하시거나 계정 페이지에서 받을 메일을 선택해 주세요.',
  },
);
