import type { Messages } from './en.ts';

export const ko: Messages = {
  language: '언어',
  theme: '테마',
  themeDark: '어둡게',
  themeLight: '밝게',
  skip: '본문으로 건너뛰기',
  signIn: '로그인',
  signUp: '가입하기',
  signOut: '로그아웃',
  account: '내 계정',
  console: '콘솔',
  apiDocs: 'API 문서',
  loading: '불러오는 중',
  tryAgain: '다시 시도',
  undo: '되돌리기',
  asTable: '표로 보기',
  atTime: '시각',
  requestId: (id) => `요청 ${id}`,
  broken: '저희 쪽에서 문제가 생겼습니다. 잠시 후 다시 시도해 주세요.',
  noAnswer: 'API가 응답하지 않습니다. 연결을 확인한 뒤 다시 시도하세요.',
  pageNotFound: '페이지가 없습니다',
  toStart: '첫 화면으로',

  callbackFailed: '로그인하지 못했습니다',

  tier: '요금제',

  company: '회사',
  statuses: {
    pending: '결제 대기',
    provisioning: '준비 중',
    failed: '준비 실패',
    active: '사용 중',
    suspended: '정지됨',
    migrating: '이전 중',
    deactivating: '종료 중',
    deleted: '종료됨',
  },

  perInterval: { month: '월', year: '년' },
  payNow: '지금 결제하기',
  subscribeAgain: '다시 구독하기',
  resume: '다시 시작하기',
  standingTitle: {
    none: '아직 결제되지 않았습니다',
    paid: '모두 결제되었습니다',
    grace: '결제가 실패했습니다',
    overdue: '서비스가 정지되었습니다',
    forfeited: '회사가 비활성화됩니다',
    paused: '구독이 일시 중지되었습니다',
    ended: '구독이 종료되었습니다',
  },
  standingText: {
    none: () => '결제하시면 회사가 준비됩니다.',
    paid: () => '하실 일이 없습니다.',
    grace: (amount, suspendsOn) =>
      `${amount}이 미납되었습니다. ${suspendsOn}까지는 이전과 같이 제공되며, 그 뒤에는 서비스가 정지됩니다.`,
    overdue: (amount, _, deactivatesOn) =>
      `${amount}이 미납되었습니다. 데이터는 보관되며 결제 후 몇 분 안에 모두 복구됩니다. ${deactivatesOn}에 회사가 비활성화됩니다.`,
    forfeited: (amount) => `${amount}이 마지막 날까지 결제되지 않았습니다. 회사는 72시간 안에 삭제됩니다.`,
    paused: () => '데이터는 보관됩니다. 구독을 다시 시작하면 서비스가 제공됩니다.',
    ended: () => '다시 구독하지 않으시면 회사는 72시간 안에 삭제됩니다.',
  },

  suspendedTitle: '이용이 정지된 회사입니다',
  suspendedText:
    '쇼핑몰의 이벤트와 추천 요청을 받지 않습니다. 데이터는 그대로 보관됩니다. 다시 이용하시려면 저희에게 연락해 주세요.',

  impersonating: (name: string, until: string) =>
    `${until}까지 직원으로서 ${name}을(를) 보고 있습니다. 회사의 감사 기록에 남습니다.`,
  endImpersonation: '그만 보기',

  cancel: '취소',
  close: '닫기',
  copy: '복사',
  copied: '복사했습니다',
  events: '이벤트',

  shopper: '쇼핑객',
  recommendations: '추천 목록',
  model: (version) => `모델 ${version}`,
};
