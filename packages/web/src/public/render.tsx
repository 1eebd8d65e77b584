import { renderToStaticMarkup } from 'react-dom/server';
import { localPath, type PublicLanguage, publicLanguages } from './addresses.ts';
import { Document, type PageFiles } from './document.tsx';
import { publicWords } from './languages.ts';
import { pageNames, publicPages } from './pages.ts';
import { Frame } from './parts/frame.tsx';
import type { PageName, PageProps, SiteFacts } from './props.ts';
import type { ClientScript } from './scripts.ts';

/** One page in one language. */
export interface PublicAddress {
  readonly name: PageName;
  readonly language: PublicLanguage;
  /** As browsers ask for it. */
  readonly path: string;
}

/** Every public page in every language. */
export const publicAddresses: readonly PublicAddress[] = pageNames.flatMap((name) =>
  publicLanguages.map((language) => ({ name, language, path: localPath(publicPages[name].path, language) })),
);

/** A page as HTML that needs no script to be read. @param filesOf where the files for these scripts are */
export function renderPage(
  { name, language }: PublicAddress,
  facts: SiteFacts,
  filesOf: (scripts: readonly ClientScript[]) => PageFiles,
): string {
  const { path, Page, ...rest } = publicPages[name];
  const props: PageProps = {
    name,
    language,
    words: publicWords[language],
    facts,
    link: (other) => localPath(publicPages[other].path, language),
  };
  const html = renderToStaticMarkup(
    <Document page={props} path={path} files={filesOf(['page', ...('script' in rest ? [rest.script] : [])])}>
      <Frame page={props} path={path}>
        <Page {...props} />
      </Frame>
    </Document>,
  );
  return `<!doctype html>${html}`;
}

/** What search engines are told of the pages, with the same page in the other languages. */
export function sitemap(siteUrl: string): string {
  const entries = publicAddresses.map(({ name, path }) => {
    const others = publicLanguages.map(
      (language) =>
        `<xhtml:link rel="alternate" hreflang="${language}" href="${siteUrl}${localPath(publicPages[name].path, language)}"/>`,
    );
    return `<url><loc>${siteUrl}${path}</loc>${others.join('')}</url>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
${entries.join('\n')}
</urlset>
`;
}

/** Pages behind a sign-in are of no use to search engines. */
export const robots = (siteUrl: string): string =>
  `User-agent: *\nDisallow: /v1/\nDisallow: /session\nDisallow: /auth/\nSitemap: ${siteUrl}/sitemap.xml\n`;
