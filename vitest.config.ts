import { defineConfig } from 'vitest/config';

const setupFiles = ['test/support/setup.ts'];
// A run of copse starts git, agents and supervisors by itself: two test files at once fill two cores.
const inProcesses = { setupFiles, pool: 'forks', maxWorkers: 2, testTimeout: 60_000, hookTimeout: 60_000 } as const;

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', './test/reporter.ts'],
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], setupFiles, isolate: false, maxWorkers: 2 } },
      { test: { name: 'integration', include: ['test/integration/**/*.test.ts'], ...inProcesses } },
      { test: { name: 'contract', include: ['test/contract/**/*.test.ts'], ...inProcesses } },
      { test: { name: 'faults', include: ['test/faults/**/*.test.ts'], ...inProcesses } },
      // Each starts several real agents.
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          ...inProcesses,
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 180_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
