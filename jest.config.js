/** @type {import('jest').Config} */
module.exports = {
  transform: { '^.+\\.ts$': '@swc/jest' },
  testEnvironment: 'node',
  testPathIgnorePatterns: ['/node_modules/', '/.selfheal/', '/.esbuild/', '/.serverless/'],
  modulePathIgnorePatterns: ['/.selfheal/', '/.esbuild/', '/.serverless/'],
  globalSetup: '<rootDir>/test/setup.ts',
  globalTeardown: '<rootDir>/test/teardown.ts',
  setupFiles: ['<rootDir>/test/quiet.ts'],
  // Tests wait for local AWS half of their time, which is one process.
  maxWorkers: 2,
  testTimeout: 60_000,
};
