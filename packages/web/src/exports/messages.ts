import { defineMessages } from '../messages/define.ts';
import { plural } from '../messages/plural.ts';

/** What the page of data exports says. */
export const exportsMessages = defineMessages(
  {
    title: 'Export your data',
    exportNow: 'Export now',
    exporting: 'Exporting…',
    empty: 'Take everything that is kept of your company along, as files for a spreadsheet. Nothing is exported yet.',
    failed: (reason: string) => `The export failed: ${reason}`,
    facts: (files: string, kilobytes: string, until: string) =>
      `${plural(files, 'file', 'files')} · ${kilobytes} KB · kept until ${until}`,
    rows: (rows: string) => plural(rows, 'row', 'rows'),
    showFiles: 'Show files',
    hideFiles: 'Hide files',
  },
  {
    title: '데이터 내보내기',
    exportNow: '지금 내보내기',
    exporting: '내보내는 중…',
    empty: '회사에 관해 보관된 모든 데이터를 스프레드시트용 파일로 가져갈 수 있습니다. 아직 내보낸 데이터가 없습니다.',
    failed: (reason) => `내보내지 못했습니다: ${reason}`,
    facts: (files, kilobytes, until) => `파일 ${files}개 · ${kilobytes}KB · ${until}까지 보관`,
    rows: (rows) => `${rows}행`,
    showFiles: '파일 보기',
    hideFiles: '파일 숨기기',
  },
);
