import { announcementBlocks } from '../contract/announcement-blocks.ts';
import type { AnnouncementText } from '../contract/announcement-text.ts';
import type { Language } from '../tenant/language.ts';
import type { Letter } from './letter.ts';

const words = {
  en: {
    reason: 'You get this mail because you are an owner or an administrator of a company at Tenantry.',
    leave: 'Unsubscribe from announcements',
  },
  ko: {
    reason: 'Tenantry에 등록된 회사의 소유자 또는 관리자에게 보내는 메일입니다.',
    leave: '공지 수신 거부',
  },
} as const satisfies Record<Language, object>;

const PREHEADER_CHARACTERS = 140;

/** What staff of the provider tells companies. @param leave where the reader unsubscribes */
export function announcementLetter(language: Language, { subject, body }: AnnouncementText, leave: string): Letter {
  const blocks = announcementBlocks(body[language]);
  const [first] = blocks;
  const opening = first?.kind === 'rich' ? first.spans : (first?.items[0] ?? []);
  return {
    subject: subject[language],
    preheader: opening
      .map(({ text }) => text)
      .join('')
      .slice(0, PREHEADER_CHARACTERS),
    blocks,
    reason: words[language].reason,
    leave: { label: words[language].leave, href: leave },
  };
}
