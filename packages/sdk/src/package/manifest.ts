import sdk from '../../package.json' with { type: 'json' };

/** Of the package that shops install; what this repository needs of its own is not in it. */
export const manifest = {
  name: sdk.name,
  version: sdk.version,
  description: sdk.description,
  license: sdk.license,
  type: 'module',
  // Importing it does nothing by itself, so a bundler may leave out what a shop does not use; the page's script starts the SDK.
  sideEffects: ['./sdk.js'],
  engines: { node: '>=20' },
  types: './client.d.ts',
  exports: {
    '.': { types: './client.d.ts', default: './client.js' },
    './sdk.js': './sdk.js',
    './package.json': './package.json',
  },
  files: ['client.js', 'sdk.js', '*.d.ts'],
} as const;
