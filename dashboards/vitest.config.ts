import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['{app,build,tracker}/**/*.test.ts'], environment: 'node' },
});
