import { defineConfig } from 'vitest/config';

const setupFiles = ['test/support/setup.ts'];
// A run of copse starts git, agents and supervisors by itself, but tests also wait, for clocks and for each other's processes: one
// file more than the two cores of CI keeps these busy.
const maxWorkers = 3;
// Waiting for a condition ends with its test, not after the second that a busy machine takes for anything.
const expect = { poll: { timeout: 20_000 } };

const inProcesses = { setupFiles, pool: 'forks', maxWorkers, testTimeout: 60_000, hookTimeout: 60_000, expect } as const;

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', './test/reporter.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          setupFiles,
          isolate: false,
          maxWorkers,
          testTimeout: 60_000,
          expect,
        },
      },
      { test: { name: 'integration', include: ['test/integration/**/*.test.ts'], ...inProcesses } },
      { test: { name: 'contract', include: ['test/contract/**/*.test.ts'], ...inProcesses } },
      { test: { name: 'faults', include: ['test/faults/**/*.test.ts'], ...inProcesses } },
      // With the real agent.
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...inProcesses, testTimeout: 180_000 } },
    ],
  },
});
