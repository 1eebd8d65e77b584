import { fileURLToPath } from 'node:url';
import { writePackage } from './write-package.ts';

/** `npm run pack-sdk`: writes the package that shops install to `packages/sdk/dist`. */
const dir = fileURLToPath(new URL('../../dist', import.meta.url));
await writePackage(dir);
process.stdout.write(`${dir} is ready: npm publish ${dir} --access public\n`);
