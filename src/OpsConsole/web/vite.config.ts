import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The host serves the output below /console and puts a fresh nonce in place of CSP_NONCE in every answer.
export default defineConfig({
  base: '/console/',
  plugins: [react()],
  html: { cspNonce: 'CSP_NONCE' },
  build: {
    outDir: '../wwwroot',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // data: addresses are not allowed by the policy
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false,
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/dev', '/openapi', '/health'].map((path) => [path, process.env['DOA_URL'] ?? 'http://127.0.0.1:5080']),
    ),
  },
});
