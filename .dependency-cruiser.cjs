/** Who may import whom, each rule with its reason. */
const tests = '\\.test\\.ts$|\\.typetest\\.ts$|testing\\.ts$|^test/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle hides which part stands on which.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'bots-are-islands',
      comment:
        'A bot that leans on another cannot be read, tested or granted rights alone. What two share lies in shared/aws.',
      severity: 'error',
      from: { path: '^functions/remediators/([^/]+)/([^/]+)\\.ts$', pathNot: tests },
      to: { path: '^functions/remediators/', pathNot: '^functions/remediators/$1/$2\\.ts$' },
    },
    {
      name: 'a-bot-sees-only-the-seam',
      comment: 'A bot is a wanted state: the seam, helpers of AWS, the SDK and zod are all it needs.',
      severity: 'error',
      from: { path: '^functions/remediators/[^/]+/[^/]+\\.ts$', pathNot: tests },
      to: { pathNot: '^shared/bot/(bot|serve)\\.ts$|^shared/aws/|node_modules/(@aws-sdk/|zod/)' },
    },
    {
      name: 'shared-stands-below-functions',
      comment: 'The core knows bots only by their types.',
      severity: 'error',
      from: { path: '^shared/', pathNot: tests },
      to: { path: '^(functions|cli|local|deploy|bench|test)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'lambda-carries-no-tools',
      comment: 'What runs in Lambda must not carry what builds, deploys or imitates it.',
      severity: 'error',
      from: { path: '^(functions|shared)/', pathNot: tests },
      to: { path: '^(deploy|cli|local|bench|test)/' },
    },
    {
      name: 'coordinator-and-notifier-load-no-bot',
      comment: 'They route and tell; the catalogue says all they need, and their rights stay small.',
      severity: 'error',
      from: { path: '^functions/(coordinator|notifier|findings|security-hub)/', pathNot: tests },
      to: { path: '^functions/remediators/', pathNot: '^functions/remediators/catalogue\\.ts$' },
    },
    {
      name: 'functions-are-apart',
      comment: 'Two functions meet on a queue, not in an import; only bots are reached, through their index.',
      severity: 'error',
      from: { path: '^functions/(coordinator|notifier|findings|config-rules|security-hub)/', pathNot: tests },
      to: {
        path: '^functions/(coordinator|notifier|findings|config-rules|security-hub)/',
        pathNot: '^functions/$1/',
      },
    },
    {
      name: 'testing-only-in-tests',
      comment: 'The harness drives jest and a local AWS.',
      severity: 'error',
      from: { pathNot: tests },
      to: { path: 'testing\\.ts$|^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^\\.(selfheal|serverless|esbuild)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
