import { defineConfig } from 'vitest/config';

/** Tests that drive a real Chromium. One at a time: they share two processors with the collector they test. */
export default defineConfig({
  test: {
    include: ['tests/**/*.browser.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
