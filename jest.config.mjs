/** A tier is a folder under test/; everything outside the other tiers' folders is the unit tier. */
const tier = (displayName, testMatch, testPathIgnorePatterns = []) => ({
  displayName,
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', ...testPathIgnorePatterns],
  modulePathIgnorePatterns: ['<rootDir>/\\.(serverless|esbuild|local|venv)/'],
  transform: { '\\.(ts|mjs)$|/node_modules/@middy/.+\\.js$': '<rootDir>/test/support/esbuild-transform.mjs' },
  // middy offers its modules to `import` only, and Jest runs CommonJS.
  moduleNameMapper: { '^@middy/([^/]+)$': '<rootDir>/node_modules/@middy/$1/index.js' },
  transformIgnorePatterns: ['/node_modules/(?!@middy/)'],
  restoreMocks: true,
});

export default {
  projects: [
    tier('unit', ['<rootDir>/test/**/*.test.ts'], ['<rootDir>/test/(api|system|faults|kernel|browser)/']),
    tier('api', ['<rootDir>/test/api/**/*.test.ts']),
    tier('system', ['<rootDir>/test/system/**/*.test.ts']),
    tier('faults', ['<rootDir>/test/faults/**/*.test.ts']),
    tier('kernel', ['<rootDir>/test/kernel/**/*.test.ts']),
  ],
};
