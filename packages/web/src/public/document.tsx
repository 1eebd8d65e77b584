import type { ReactNode } from 'react';
import { localPath, publicLanguages } from './addresses.ts';
import type { PageProps } from './props.ts';

/** Where the files that a page needs are. */
export interface PageFiles {
  readonly styles: readonly string[];
  readonly scripts: readonly string[];
}

/** The whole document around a public page, with what search engines and messengers ask for. */
export function Document({
  page,
  path,
  files,
  children,
}: {
  readonly page: PageProps;
  readonly path: string;
  readonly files: PageFiles;
  readonly children: ReactNode;
}) {
  const { words, language, name, facts } = page;
  const { title, description } = words.pages[name];
  const url = (one: (typeof publicLanguages)[number]): string => facts.siteUrl + localPath(path, one);
  const full = name === 'landing' ? `Tenantry: ${title}` : `${title} · Tenantry`;
  return (
    <html lang={language}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{full}</title>
        <meta name="description" content={description} />
        <link rel="canonical" href={url(language)} />
        {publicLanguages.map((one) => (
          <link key={one} rel="alternate" hrefLang={one} href={url(one)} />
        ))}
        <link rel="alternate" hrefLang="x-default" href={url('en')} />
        <meta property="og:type" content="website" />
        <meta property="og:site_name" content="Tenantry" />
        <meta property="og:title" content={full} />
        <meta property="og:description" content={description} />
        <meta property="og:url" content={url(language)} />
        <meta property="og:locale" content={language === 'ko' ? 'ko_KR' : 'en_US'} />
        <meta name="twitter:card" content="summary" />
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        {files.styles.map((href) => (
          <link key={href} rel="stylesheet" href={href} />
        ))}
        {files.scripts.map((src) => (
          <script key={src} type="module" src={src} />
        ))}
      </head>
      <body className="flex min-h-dvh flex-col">{children}</body>
    </html>
  );
}
