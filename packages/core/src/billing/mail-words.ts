import type { SimpleLetter } from '../mail/simple-letter.ts';
import type { Language } from '../tenant/language.ts';
import type { MailKind } from './dunning.ts';

/** What mails name, as people read it; empty where it does not apply. */
interface Named {
  readonly company: string;
  readonly amount: string;
  readonly suspendsOn: string;
  readonly deactivatesOn: string;
  readonly trialEndsOn: string;
}

export type MailWords = Readonly<Record<MailKind, (named: Named) => SimpleLetter>> & { readonly sign: string };

const en: MailWords = {
  sign: 'You get this mail because you are an owner of the company at Tenantry.',
  paymentFailed: ({ company, amount, suspendsOn }) => ({
    subject: `The payment of ${company} failed`,
    lines: [
      `The payment of ${amount} for ${company} did not go through. The card may have expired, or the bank refused it.`,
      `Nothing changes for your shoppers yet. Please pay, or give another card, before ${suspendsOn}.`,
    ],
    button: 'Pay now',
  }),
  paymentReminder: ({ company, amount, suspendsOn }) => ({
    subject: `${company} still owes ${amount}`,
    lines: [
      `${amount} for ${company} has not been paid yet.`,
      `On ${suspendsOn} the company is suspended: your shops get no recommendations from then on.`,
    ],
    button: 'Pay now',
  }),
  suspended: ({ company, amount, deactivatesOn }) => ({
    subject: `${company} is suspended`,
    lines: [
      `${amount} was not paid, so ${company} is suspended. Your shops get no recommendations. All your data is kept.`,
      `As soon as it is paid, everything is back within minutes. On ${deactivatesOn} the company is deactivated.`,
    ],
    button: 'Pay and come back',
  }),
  lastReminder: ({ company, amount, deactivatesOn }) => ({
    subject: `${company} is deactivated on ${deactivatesOn}`,
    lines: [
      `${amount} for ${company} is still not paid.`,
      `On ${deactivatesOn} the company is deactivated, and three days later everything of it is deleted for good.`,
    ],
    button: 'Pay and keep the company',
  }),
  deactivated: ({ company, amount }) => ({
    subject: `${company} is being deactivated`,
    lines: [
      `${amount} was not paid until the last date. ${company} is deactivated, and everything of it is deleted in 72 hours.`,
      'You can still export your data, or pay and come back, until then.',
    ],
    button: 'See what you can do',
  }),
  recovered: ({ company }) => ({
    subject: `The payment of ${company} arrived`,
    lines: [`Thank you. ${company} owes nothing, and is served as before.`],
    button: 'See the billing',
  }),
  trialEnding: ({ company, trialEndsOn }) => ({
    subject: `The trial of ${company} ends on ${trialEndsOn}`,
    lines: [
      `The trial of ${company} ends on ${trialEndsOn}. From then on it is charged to the card that you gave.`,
      'If you do not want to go on, cancel before; nothing is charged then.',
    ],
    button: 'See plan and card',
  }),
  paused: ({ company }) => ({
    subject: `${company} is paused`,
    lines: [`The subscription of ${company} is paused, and the company is suspended. All your data is kept.`],
    button: 'Go on',
  }),
  ended: ({ company }) => ({
    subject: `The subscription of ${company} has ended`,
    lines: [
      `The subscription of ${company} has ended. The company is deactivated, and everything of it is deleted in 72 hours.`,
      'You can export your data, or subscribe again, until then.',
    ],
    button: 'See what you can do',
  }),
};

const ko: MailWords = {
  sign: 'Tenantry에서 이 회사의 소유자이므로 이 메일을 받으셨습니다.',
  paymentFailed: ({ company, amount, suspendsOn }) => ({
    subject: `${company}의 결제가 실패했습니다`,
    lines: [
      `${company}의 ${amount} 결제가 처리되지 않았습니다. 카드가 만료되었거나 은행에서 거절했을 수 있습니다.`,
      `쇼핑객에게는 아직 아무런 변화가 없습니다. ${suspendsOn} 전에 결제하시거나 다른 카드를 등록해 주세요.`,
    ],
    button: '지금 결제하기',
  }),
  paymentReminder: ({ company, amount, suspendsOn }) => ({
    subject: `${company}: ${amount}이 아직 결제되지 않았습니다`,
    lines: [
      `${company}의 ${amount}이 아직 결제되지 않았습니다.`,
      `${suspendsOn}에 서비스가 정지되며, 그때부터 쇼핑몰에 추천이 제공되지 않습니다.`,
    ],
    button: '지금 결제하기',
  }),
  suspended: ({ company, amount, deactivatesOn }) => ({
    subject: `${company}의 서비스가 정지되었습니다`,
    lines: [
      `${amount}이 결제되지 않아 ${company}의 서비스가 정지되었습니다. 추천은 제공되지 않지만 데이터는 모두 보관됩니다.`,
      `결제하시면 몇 분 안에 모두 복구됩니다. ${deactivatesOn}에 회사가 비활성화됩니다.`,
    ],
    button: '결제하고 다시 시작하기',
  }),
  lastReminder: ({ company, amount, deactivatesOn }) => ({
    subject: `${company}: ${deactivatesOn}에 비활성화됩니다`,
    lines: [
      `${company}의 ${amount}이 아직 결제되지 않았습니다.`,
      `${deactivatesOn}에 회사가 비활성화되고, 사흘 뒤 모든 데이터가 완전히 삭제됩니다.`,
    ],
    button: '결제하고 회사 유지하기',
  }),
  deactivated: ({ company, amount }) => ({
    subject: `${company}가 비활성화됩니다`,
    lines: [
      `${amount}이 마지막 날까지 결제되지 않았습니다. ${company}는 비활성화되며 72시간 뒤 모든 데이터가 삭제됩니다.`,
      '그때까지는 데이터를 내보내거나, 결제하고 돌아오실 수 있습니다.',
    ],
    button: '할 수 있는 일 보기',
  }),
  recovered: ({ company }) => ({
    subject: `${company}의 결제가 완료되었습니다`,
    lines: [`감사합니다. ${company}에는 미납금이 없으며 서비스는 이전과 같이 제공됩니다.`],
    button: '결제 정보 보기',
  }),
  trialEnding: ({ company, trialEndsOn }) => ({
    subject: `${company}의 체험 기간이 ${trialEndsOn}에 끝납니다`,
    lines: [
      `${company}의 체험 기간이 ${trialEndsOn}에 끝납니다. 그 뒤에는 등록하신 카드로 요금이 청구됩니다.`,
      '계속 이용하지 않으시려면 그 전에 해지해 주세요. 요금은 청구되지 않습니다.',
    ],
    button: '요금제와 카드 보기',
  }),
  paused: ({ company }) => ({
    subject: `${company}의 구독이 일시 중지되었습니다`,
    lines: [`${company}의 구독이 일시 중지되어 서비스가 정지되었습니다. 데이터는 모두 보관됩니다.`],
    button: '다시 시작하기',
  }),
  ended: ({ company }) => ({
    subject: `${company}의 구독이 종료되었습니다`,
    lines: [
      `${company}의 구독이 종료되었습니다. 회사는 비활성화되며 72시간 뒤 모든 데이터가 삭제됩니다.`,
      '그때까지는 데이터를 내보내거나 다시 구독하실 수 있습니다.',
    ],
    button: '할 수 있는 일 보기',
  }),
};

export const mailWords = { en, ko } as const satisfies Record<Language, MailWords>;
