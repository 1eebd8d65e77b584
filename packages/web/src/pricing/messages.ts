import { defineMessages } from '../messages/define.ts';
import { plural } from '../messages/plural.ts';

/** What tiers offer and cost, and how a price is chosen. */
export const pricingMessages = defineMessages(
  {
    pool: 'Shared infrastructure',
    silo: 'Your own silo',
    limitEvents: (count: string) => `${plural(count, 'event', 'events')} a day`,
    limitRequests: (count: string) => `${plural(count, 'request', 'requests')} a second`,
    limitTrainings: (count: string) => `${plural(count, 'training', 'trainings')} a day`,
    limitModels: (count: string) => `${plural(count, 'model', 'models')} to go back to`,
    limitUsers: (count: string) => plural(count, 'user', 'users'),
    limitKeys: (count: string) => plural(count, 'API key', 'API keys'),
    limitRetention: (days: string) => `${plural(days, 'day', 'days')} of history`,
    trialDays: (days: string) => `${plural(days, 'day', 'days')} free`,
    savedByYear: (amount: string) => `${amount} less than twelve months`,
    paidBy: { month: 'By the month', year: 'By the year' } as Readonly<Record<'month' | 'year', string>>,
    interval: 'Paid',
    currency: 'Currency',
  },
  {
    pool: '공유 인프라',
    silo: '전용 사일로',
    limitEvents: (count) => `하루 이벤트 ${count}건`,
    limitRequests: (count) => `초당 요청 ${count}건`,
    limitTrainings: (count) => `하루 학습 ${count}회`,
    limitModels: (count) => `되돌릴 수 있는 모델 ${count}개`,
    limitUsers: (count) => `사용자 ${count}명`,
    limitKeys: (count) => `API 키 ${count}개`,
    limitRetention: (days) => `기록 보관 ${days}일`,
    trialDays: (days) => `${days}일 무료`,
    savedByYear: (amount) => `열두 달보다 ${amount} 저렴`,
    paidBy: { month: '매월', year: '매년' },
    interval: '결제 주기',
    currency: '통화',
  },
);
