const base = {
  transform: { '^.+\\.ts$': '@swc/jest' },
  testEnvironment: 'node',
  // As tsconfig.json has it: what config.ts imports.
  moduleNameMapper: { '^selfheal$': '<rootDir>/shared/index.ts' },
  modulePathIgnorePatterns: ['/.selfheal/', '/.esbuild/', '/.serverless/'],
  globalSetup: '<rootDir>/test/setup.ts',
  globalTeardown: '<rootDir>/test/teardown.ts',
  // The environment comes from the set-up; what that does to its own process, each worker needs too.
  setupFiles: ['<rootDir>/test/quiet.ts', '<rootDir>/test/resolve.ts'],
};
const ignored = ['/node_modules/', '/.selfheal/', '/.esbuild/', '/.serverless/'];

/** @type {import('jest').Config} */
module.exports = {
  testTimeout: 120_000,
  projects: [
    { ...base, displayName: 'unit', testPathIgnorePatterns: [...ignored, '/test/e2e/', '/test/judges/'] },
    // Each deploys from this directory, so they run one after the other.
    {
      ...base,
      displayName: 'e2e',
      testPathIgnorePatterns: ignored,
      testMatch: ['<rootDir>/test/e2e/*.test.ts'],
    },
    // Judges that `npm test` has no time for, or that have to be installed.
    {
      ...base,
      displayName: 'judges',
      testPathIgnorePatterns: ignored,
      testMatch: ['<rootDir>/test/judges/**/*.test.ts'],
    },
  ],
};
