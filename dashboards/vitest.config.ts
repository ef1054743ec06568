import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['{app,tracker}/**/*.test.ts'], environment: 'node' },
});
