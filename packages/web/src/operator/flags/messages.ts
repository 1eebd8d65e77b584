import { defineMessages } from '../../messages/define.ts';

export const flagsMessages = defineMessages(
  {
    title: 'Flags',
    note: 'What is on for whom. A change counts within ten seconds, and stands in the log of jobs and queues.',
    usual: (on: boolean) => `Usually ${on ? 'on' : 'off'}`,
    names: { 'live-activity': 'Live activity' } as Readonly<Record<string, string>>,
    descriptions: {
      'live-activity':
        'Dashboards show events within seconds. Off, they look once a minute, which costs a thirtieth of the calls.',
    } as Readonly<Record<string, string>>,
    kinds: {
      off: 'Off',
      on: 'On',
      percentage: 'Part of the companies',
      companies: 'Some companies',
      tiers: 'Tiers',
    },
    onFor: 'On for',
    percentage: 'Percent of the companies',
    percentageHint: 'Always the same ones: who is in stays in when the part grows.',
    companies: 'Ids of the companies',
    companiesHint: 'One a line, at most 200.',
    tiers: 'Tiers',
    set: 'Set',
    saved: 'The flag is set.',
    changed: 'Last set',
    never: 'Nobody has set it.',
  },
  {
    title: '기능 플래그',
    note: '어떤 기능이 누구에게 켜져 있는지 정합니다. 변경은 10초 안에 적용되며 작업과 대기열 페이지의 기록에 남습니다.',
    usual: (on: boolean) => `기본값: ${on ? '켜짐' : '꺼짐'}`,
    names: { 'live-activity': '실시간 활동' },
    descriptions: {
      'live-activity':
        '대시보드에 이벤트가 몇 초 안에 표시됩니다. 끄면 1분에 한 번 확인하므로 호출 수가 30분의 1로 줄어듭니다.',
    },
    kinds: {
      off: '끄기',
      on: '켜기',
      percentage: '회사 일부',
      companies: '특정 회사',
      tiers: '요금제별',
    },
    onFor: '적용 대상',
    percentage: '회사 비율(%)',
    percentageHint: '항상 같은 회사에 적용됩니다. 비율을 늘려도 이미 포함된 회사는 그대로 남습니다.',
    companies: '회사 ID',
    companiesHint: '한 줄에 하나씩, 최대 200개까지 입력할 수 있습니다.',
    tiers: '요금제',
    set: '적용하기',
    saved: '플래그를 적용했습니다.',
    changed: '마지막 변경',
    never: '아직 아무도 변경하지 않았습니다.',
  },
);
