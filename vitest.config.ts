import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 240_000,
    hookTimeout: 120_000,
    retry: 0,
    // The runner's own default leaves one core idle, which is half of a small machine.
    maxWorkers: '100%',
    allowOnly: false,
    coverage: {
      provider: 'v8',
      // Most of the program runs as processes of its own, from what was built: counted there, reported by source.
      autoAttachSubprocess: true,
      include: ['src/**', 'dist/**/*.js'],
      exclude: ['dist/chunks/lib-*.js', 'dist/chunks/rolldown-runtime-*.js'],
      excludeAfterRemap: true,
      reporter: ['text-summary'],
      reportOnFailure: true,
      thresholds: { lines: 80 },
    },
  },
});
