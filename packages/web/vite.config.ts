import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { sdkScript } from './sdk-plugin.ts';

export default defineConfig({
  plugins: [react(), tailwindcss(), sdkScript()],
  build: { target: 'es2023', sourcemap: true },
});
