import { defineMessages } from '../messages/define.ts';

/** What the page of API keys says. */
export const keysMessages = defineMessages(
  {
    note: 'A key says whose data comes in. Publishable keys may be seen in a web page; secret keys stay on your servers.',
    name: 'Name',
    kind: 'Kind',
    kinds: { publishable: 'Publishable', secret: 'Secret' },
    created: 'Created',
    createdBy: (who: string) => `by ${who}`,
    lastUsed: 'Last used',
    never: 'never',
    ends: 'Expires',
    noEnd: 'never',
    expired: 'expired',
    actions: 'Actions',
    validity: 'Works for',
    validities: { '': 'Until it is revoked', '30': '30 days', '90': '90 days', '365': 'A year' },
    emptyTitle: 'No key yet',
    used: (used: string, allowed: string) => `${used} of ${allowed} keys`,
    revoked: (name: string) => `The key ${name} is revoked. It stops working within a minute.`,
    revokedInUse: (name: string, when: string) =>
      `The key ${name} is revoked. It was used ${when}: what still uses it is refused within a minute.`,
    someone: 'a former user',
  },
  {
    note: '키는 어느 회사의 데이터인지 알려 줍니다. 공개 키는 웹 페이지에 넣어도 되고, 비밀 키는 서버에만 보관해야 합니다.',
    name: '이름',
    kind: '종류',
    kinds: { publishable: '공개 키', secret: '비밀 키' },
    created: '생성일',
    createdBy: (who: string) => `${who} 생성`,
    lastUsed: '마지막 사용',
    never: '사용한 적 없음',
    ends: '만료',
    noEnd: '만료 없음',
    expired: '만료됨',
    actions: '작업',
    validity: '유효 기간',
    validities: { '': '폐기할 때까지', '30': '30일', '90': '90일', '365': '1년' },
    emptyTitle: '아직 키가 없습니다',
    used: (used: string, allowed: string) => `키 ${allowed}개 중 ${used}개 사용`,
    revoked: (name: string) => `${name} 키를 폐기했습니다. 1분 안에 사용할 수 없게 됩니다.`,
    revokedInUse: (name: string, when: string) =>
      `${name} 키를 폐기했습니다. ${when}에 사용된 키이므로, 아직 이 키를 쓰는 곳은 1분 안에 거부됩니다.`,
    someone: '이전 사용자',
  },
);
