import { defineMessages } from '../messages/define.ts';

/** What the navigation says; pages by the names that the tables of pages use. */
export const navigationMessages = defineMessages(
  {
    sections: {
      product: 'Recommendations',
      connect: 'Connect',
      company: 'Company',
      business: 'Business',
      operations: 'Operations',
    },
    pages: {
      dashboard: 'Dashboard',
      users: 'Users',
      sso: 'Single sign-on',
      billing: 'Billing',
      companies: 'Companies',
    },
    consoleMenu: 'Pages of the console',
    staffMenu: 'Pages for staff',
    openMenu: 'Menu',
    closeMenu: 'Close menu',
    toStaff: 'Staff pages',
    toConsole: 'Console',
    newCompany: 'New company',
    preferences: 'Language, theme and account',
    footer: 'Pages about Tenantry',
    start: 'Start page',
    shop: 'Demo shop',
  },
  {
    sections: {
      product: '추천',
      connect: '연동',
      company: '회사',
      business: '사업',
      operations: '운영',
    },
    pages: {
      dashboard: '대시보드',
      users: '사용자',
      sso: '통합 로그인(SSO)',
      billing: '결제',
      companies: '회사 목록',
    },
    consoleMenu: '콘솔 페이지',
    staffMenu: '직원용 페이지',
    openMenu: '메뉴',
    closeMenu: '메뉴 닫기',
    toStaff: '직원용 페이지',
    toConsole: '콘솔',
    newCompany: '새 회사',
    preferences: '언어, 테마, 계정',
    footer: 'Tenantry 안내 페이지',
    start: '시작 페이지',
    shop: '데모 상점',
  },
);

export type PageName = keyof (typeof navigationMessages)['en']['pages'];
export type SectionName = keyof (typeof navigationMessages)['en']['sections'];
