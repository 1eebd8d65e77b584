import { defineMessages } from '../messages/define.ts';

/** What the page of billing says. What every page may have to say of it is with the messages of the site. */
export const billingMessages = defineMessages(
  {
    planTitle: 'Plan',
    planRenews: (date: string) => `Renews on ${date}`,
    planEnds: (date: string) => `Ends on ${date}`,
    trialUntil: (date: string) => `Free until ${date}`,
    openPortal: 'Cards, address, cancellation',
    switchTo: { month: 'Pay by the month', year: 'Pay by the year' } as Readonly<Record<'month' | 'year', string>>,
    moveTo: (tier: string) => `Move to ${tier}`,
    moveText: 'Your shoppers are served all the while. Until the new place takes over, the move can be taken back.',
    moving: 'The company is moving to another tier. Your shoppers are served meanwhile.',
    undoMove: 'Take the move back',
    switchCosts: (amount: string, date: string | null) =>
      `With this change the next invoice is ${amount}${date ? `, on ${date}` : ''}.`,
    switchCharges: (amount: string) => `With this change ${amount} is charged today.`,
    countsFrom: {
      trial: 'Your free days stay as they are. Nothing is charged until that invoice.',
      tier: 'The new prices count from the moment when the new place takes over, usually within minutes. Nothing is charged until that invoice, and what you have paid is credited in it.',
      year: 'It counts at once: a new year begins today, and what is left of the month that you have paid is credited.',
      month:
        'It counts at once: a new month begins today, and what is left of the year that you have paid is credited.',
    } as Readonly<Record<'trial' | 'tier' | 'month' | 'year', string>>,
    confirm: 'Confirm',
    leaveIt: 'Leave it as it is',
    invoicesTitle: 'Invoices',
    invoicesEmpty: 'There is no invoice yet.',
    invoiceStatus: { paid: 'paid', open: 'open', void: 'void', uncollectible: 'written off' } as Readonly<
      Record<string, string>
    >,
    title: 'Billing',
  },
  {
    planTitle: '요금제',
    planRenews: (date) => `${date}에 갱신됩니다`,
    planEnds: (date) => `${date}에 종료됩니다`,
    trialUntil: (date) => `${date}까지 무료입니다`,
    openPortal: '카드, 주소, 해지',
    switchTo: { month: '월 단위로 결제하기', year: '연 단위로 결제하기' },
    moveTo: (tier) => `${tier}(으)로 바꾸기`,
    moveText: '바꾸는 동안에도 추천은 계속 제공됩니다. 새 자리로 넘어가기 전까지는 되돌릴 수 있습니다.',
    moving: '다른 요금제로 옮기는 중입니다. 추천은 계속 제공됩니다.',
    undoMove: '되돌리기',
    switchCosts: (amount, date) => `이렇게 바꾸면 다음 청구 금액은 ${date ? `${date}에 ` : ''}${amount}입니다.`,
    switchCharges: (amount) => `이렇게 바꾸면 오늘 ${amount}이 결제됩니다.`,
    countsFrom: {
      trial: '무료 기간은 그대로 유지됩니다. 그 청구일 전에는 결제되지 않습니다.',
      tier: '새 자리로 넘어가는 때부터(보통 몇 분 안에) 새 요금이 적용됩니다. 그 청구일 전에는 결제되지 않으며, 이미 결제하신 금액은 청구서에서 공제됩니다.',
      year: '바로 적용됩니다. 오늘부터 새로운 1년이 시작되며, 결제하신 달의 남은 금액은 공제됩니다.',
      month: '바로 적용됩니다. 오늘부터 새로운 한 달이 시작되며, 결제하신 해의 남은 금액은 공제됩니다.',
    },
    confirm: '확인',
    leaveIt: '그대로 두기',
    invoicesTitle: '청구서',
    invoicesEmpty: '아직 청구서가 없습니다.',
    invoiceStatus: { paid: '결제됨', open: '미결제', void: '무효', uncollectible: '대손 처리' },
    title: '결제',
  },
);
