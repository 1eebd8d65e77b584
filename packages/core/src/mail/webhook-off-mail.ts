import type { Language } from '../tenant/language.ts';
import type { OffReason } from '../webhook/states.ts';
import { type WrittenMail, writeLetter } from './letter.ts';
import { type SimpleLetter, simpleLetter } from './simple-letter.ts';

interface Facts {
  /** Of the address; the rest of it may hold what is as good as a password. */
  readonly host: string;
  readonly why: OffReason;
}

const letters: Readonly<Record<Language, (facts: Facts) => SimpleLetter & { readonly reason: string }>> = {
  en: ({ host, why }) => ({
    subject: `Your webhook at ${host} was switched off`,
    lines: [
      why === 'gone'
        ? `The receiver at ${host} answered that it is gone for good, so nothing is sent to it any more.`
        : `The receiver at ${host} has taken no event for five days, so nothing is sent to it any more.`,
      'Once it works again, switch the webhook on in the console. What was not delivered can be sent again from there, one event at a time.',
    ],
    button: 'See the webhooks',
    reason: 'You get this mail because you are an owner or an administrator of the company at Tenantry.',
  }),
  ko: ({ host, why }) => ({
    subject: `${host} 웹훅이 꺼졌습니다`,
    lines: [
      why === 'gone'
        ? `${host} 수신 서버가 더 이상 없다고 응답하여, 이벤트 전송을 중단했습니다.`
        : `${host} 수신 서버가 5일 동안 이벤트를 하나도 받지 않아, 이벤트 전송을 중단했습니다.`,
      '수신 서버가 다시 동작하면 콘솔에서 웹훅을 켜 주세요. 전달되지 않은 이벤트는 콘솔에서 하나씩 다시 보낼 수 있습니다.',
    ],
    button: '웹훅 보기',
    reason: 'Tenantry에 등록된 회사의 소유자 또는 관리자에게 보내는 메일입니다.',
  }),
};

/** The mail about an endpoint that was switched off. @param link to the page of webhooks */
export function webhookOffMail(
  language: Language,
  { url, off }: { readonly url: string; readonly off?: { readonly reason: OffReason } | undefined },
  link: string,
): WrittenMail {
  const letter = letters[language]({ host: new URL(url).host, why: off?.reason ?? 'failing' });
  return writeLetter(simpleLetter(letter, letter.reason, link), language);
}
