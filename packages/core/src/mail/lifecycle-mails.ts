import type { Language } from '../tenant/language.ts';
import type { MeterName } from '../usage/meter-name.ts';
import type { LifecycleKind, MailFacts } from './kinds.ts';
import { type Letter, type WrittenMail, writeLetter } from './letter.ts';
import { type SimpleLetter, simpleLetter } from './simple-letter.ts';
import { bytesWords, momentWords, numberWords, percentWords } from './words.ts';

/** What mails name, as people read it; empty where it does not apply. */
interface Named {
  readonly company: string;
  /** Until when a deactivation can be undone, or a domain stays verified. */
  readonly until: string;
  readonly domain: string;
  readonly files: string;
  readonly bytes: string;
  readonly usage: { readonly of: string; readonly percent: string; readonly used: string; readonly included: string };
}

type Words = SimpleLetter & { readonly steps?: readonly string[]; readonly reason?: string };
type LifecycleWords = Readonly<Record<LifecycleKind, (named: Named) => Words>> & {
  readonly reason: string;
  readonly meters: Readonly<Record<MeterName, string>>;
};

const en: LifecycleWords = {
  reason: 'You get this mail because you are an owner of the company at Tenantry.',
  meters: {
    events_collected: 'events',
    recommendations_served: 'recommendations',
    silo_hours: 'hours of its own silo',
    training_minutes: 'minutes of training',
    storage_gb_hours: 'GB-hours of storage',
  },
  welcome: ({ company }) => ({
    subject: `${company} is ready`,
    lines: [
      `Everything that ${company} needs is in place, and it was tried: a recommendation was asked for and came.`,
      'Three steps, and your shop shows its first list:',
    ],
    steps: [
      'Make a publishable key in the console.',
      'Put the snippet that stands beside it into your shop’s pages.',
      'Watch the first events arrive; the first model is trained from them.',
    ],
    button: 'Open the console',
  }),
  suspension: ({ company }) => ({
    subject: `${company} was suspended`,
    lines: [
      `Our staff suspended ${company}. Your shops get no recommendations for now, and events are not taken. All your data is kept.`,
      'The reason stands in the audit log of your console. Answer this mail if you think that it is wrong.',
    ],
    button: 'See the console',
  }),
  reactivation: ({ company }) => ({
    subject: `${company} is served again`,
    lines: [
      `${company} is active: your shops get recommendations and their events are taken, as before. Nothing was lost.`,
    ],
    button: 'Open the console',
  }),
  deactivation: ({ company, until }) => ({
    subject: `${company} will be deleted`,
    lines: [
      `${company} was deactivated, and is not served any more. Everything of it is deleted for good after ${until}.`,
      'Until then you can undo it, and all is as before. Nobody can undo it later.',
    ],
    button: 'Undo the deactivation',
  }),
  exportReady: ({ company, files, bytes }) => ({
    subject: `The export of ${company} is ready`,
    lines: [
      `The data of ${company} that you asked for is ready: ${files} files, ${bytes}.`,
      'For your safety the files are fetched from the console, and are deleted after some days.',
    ],
    button: 'Fetch the files',
  }),
  usageThreshold: ({ company, until, usage }) => ({
    subject: `${company} has used ${usage.percent} of its ${usage.of}`,
    lines: [
      `${company} has used ${usage.used} of the ${usage.included} ${usage.of} that its plan includes until ${until}.`,
      'Your shops are served all the same. What goes beyond is charged with the next invoice, at the prices of your plan; the page of your usage says what the invoice is likely to be.',
    ],
    button: 'See the usage',
    reason: 'You get this mail because you are an owner or admin of the company at Tenantry.',
  }),
  domainMissing: ({ company, domain, until }) => ({
    subject: `The DNS record of ${domain} is missing`,
    lines: [
      `The text record that shows that ${domain} belongs to ${company} was not found any more.`,
      `Put it back before ${until}, and nothing changes. After that, nobody signs in by your identity provider with an address of ${domain} until you verify the domain again.`,
    ],
    button: 'See the record',
  }),
  domainLapsed: ({ company, domain }) => ({
    subject: `${domain} is no longer verified`,
    lines: [
      `The text record of ${domain} stayed away, so the domain no longer counts as one of ${company}.`,
      'Nobody signs in by your identity provider with an address of it until you put the record back and verify the domain again.',
    ],
    button: 'Verify the domain',
  }),
};

const ko: LifecycleWords = {
  reason: 'Tenantry에서 이 회사의 소유자이므로 이 메일을 받으셨습니다.',
  meters: {
    events_collected: '이벤트(건)',
    recommendations_served: '추천(건)',
    silo_hours: '전용 사일로(시간)',
    training_minutes: '학습(분)',
    storage_gb_hours: '저장 공간(GB·시간)',
  },
  welcome: ({ company }) => ({
    subject: `${company}의 준비가 끝났습니다`,
    lines: [
      `${company}에 필요한 모든 것이 준비되었습니다. 추천을 한 번 요청하여 응답이 오는 것까지 확인했습니다.`,
      '다음 세 단계만 마치시면 쇼핑몰에 첫 추천이 표시됩니다.',
    ],
    steps: [
      '콘솔에서 공개 키를 만듭니다.',
      '키 옆에 있는 코드를 쇼핑몰 페이지에 넣습니다.',
      '첫 이벤트가 도착하는 것을 확인합니다. 이 이벤트로 첫 모델을 학습합니다.',
    ],
    button: '콘솔 열기',
  }),
  suspension: ({ company }) => ({
    subject: `${company}의 서비스가 중지되었습니다`,
    lines: [
      `Tenantry 운영팀이 ${company}의 서비스를 중지했습니다. 지금은 추천이 제공되지 않고 이벤트도 수집되지 않습니다. 데이터는 모두 보관됩니다.`,
      '중지된 이유는 콘솔의 감사 기록에서 확인하실 수 있습니다. 잘못된 조치라고 생각되시면 이 메일에 회신해 주세요.',
    ],
    button: '콘솔에서 확인하기',
  }),
  reactivation: ({ company }) => ({
    subject: `${company}의 서비스가 다시 시작되었습니다`,
    lines: [`${company}의 추천과 이벤트 수집이 이전과 같이 제공됩니다. 잃어버린 데이터는 없습니다.`],
    button: '콘솔 열기',
  }),
  deactivation: ({ company, until }) => ({
    subject: `${company}의 데이터가 삭제될 예정입니다`,
    lines: [
      `${company}의 이용이 해지되어 서비스가 제공되지 않습니다. ${until} 이후에는 모든 데이터가 완전히 삭제됩니다.`,
      '그때까지는 해지를 취소하실 수 있으며, 취소하시면 모두 이전 상태로 돌아갑니다. 그 뒤에는 누구도 되돌릴 수 없습니다.',
    ],
    button: '해지 취소하기',
  }),
  exportReady: ({ company, files, bytes }) => ({
    subject: `${company}의 데이터 내보내기가 완료되었습니다`,
    lines: [
      `요청하신 ${company}의 데이터가 준비되었습니다. 파일 ${files}개, ${bytes}입니다.`,
      '안전을 위해 파일은 콘솔에서 내려받으실 수 있으며, 며칠 뒤에 삭제됩니다.',
    ],
    button: '파일 내려받기',
  }),
  usageThreshold: ({ company, until, usage }) => ({
    subject: `${company}에서 ${usage.of} 제공량의 ${usage.percent}를 사용했습니다`,
    lines: [
      `${company}의 요금제는 ${until}까지 ${usage.of} ${usage.included}을(를) 제공하며, 지금까지 ${usage.used}을(를) 사용했습니다.`,
      '쇼핑몰의 추천은 그대로 제공됩니다. 제공량을 넘은 사용량은 요금제의 단가로 다음 청구서에 포함됩니다. 예상 금액은 사용량 페이지에서 확인하실 수 있습니다.',
    ],
    button: '사용량 확인하기',
    reason: 'Tenantry에서 이 회사의 소유자 또는 관리자이므로 이 메일을 받으셨습니다.',
  }),
  domainMissing: ({ company, domain, until }) => ({
    subject: `${domain} 도메인의 DNS 레코드를 찾을 수 없습니다`,
    lines: [
      `${domain} 도메인이 ${company}의 소유임을 확인하는 TXT 레코드를 더 이상 찾을 수 없습니다.`,
      `${until} 전에 레코드를 다시 추가하시면 아무것도 바뀌지 않습니다. 그 뒤에는 도메인을 다시 확인하실 때까지 ${domain} 주소로는 회사의 ID 공급자를 통해 로그인할 수 없습니다.`,
    ],
    button: '레코드 보기',
  }),
  domainLapsed: ({ company, domain }) => ({
    subject: `${domain} 도메인의 확인이 해제되었습니다`,
    lines: [
      `TXT 레코드가 다시 추가되지 않아, ${domain} 도메인은 더 이상 ${company}의 도메인으로 인정되지 않습니다.`,
      '레코드를 다시 추가하고 도메인을 확인하실 때까지 이 도메인의 주소로는 회사의 ID 공급자를 통해 로그인할 수 없습니다.',
    ],
    button: '도메인 확인하기',
  }),
};

const words = { en, ko } as const satisfies Record<Language, LifecycleWords>;

function withSteps(letter: Letter, steps: readonly string[]): Letter {
  const { blocks } = letter;
  return { ...letter, blocks: [...blocks.slice(0, -1), { kind: 'steps', items: steps }, ...blocks.slice(-1)] };
}

/** A mail about what becomes of a company. @param link the page where its reader goes on */
export function lifecycleMail(kind: LifecycleKind, language: Language, facts: MailFacts, link: string): WrittenMail {
  const { [kind]: wordsOf, reason, meters } = words[language] as LifecycleWords;
  const { usage, until = usage?.until } = facts;
  const {
    steps,
    reason: ownReason,
    ...simple
  } = wordsOf({
    company: facts.company,
    until: until ? momentWords(until, language) : '',
    domain: facts.domain ?? '',
    files: numberWords(facts.files ?? 0, language),
    bytes: bytesWords(facts.bytes ?? 0, language),
    usage: {
      of: usage ? meters[usage.meter] : '',
      percent: percentWords((usage?.threshold ?? 0) / 100, language),
      used: numberWords(usage?.used ?? 0, language),
      included: numberWords(usage?.included ?? 0, language),
    },
  });
  const letter = simpleLetter(simple, ownReason ?? reason, link);
  return writeLetter(steps ? withSteps(letter, steps) : letter, language);
}
