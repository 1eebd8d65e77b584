import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { contractRoutes } from './contract-plugin.ts';
import { publicPages, siteInputs } from './public-pages-plugin.ts';
import { sdkScript } from './sdk-plugin.ts';

export default defineConfig({
  plugins: [react(), tailwindcss(), contractRoutes(), sdkScript(), publicPages()],
  build: { target: 'es2023', sourcemap: true, rollupOptions: { input: siteInputs } },
});
