/** Who may import whom, each rule with its reason. */
const tests = '\\.test\\.ts$|\\.typetest\\.ts$|testing\\.ts$|/fixtures/|^test/|^testing/';

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
        'A bot that leans on another cannot be read, tested or granted rights alone. What several share lies in a lib folder.',
      severity: 'error',
      from: { path: '^functions/remediators/([^/]+)/([^/]+)\\.ts$', pathNot: `${tests}|/handlers/` },
      to: {
        path: '^functions/remediators/',
        pathNot: '^functions/remediators/$1/$2\\.ts$|^functions/remediators/[^/]+/lib/',
      },
    },
    {
      name: 'a-bot-sees-only-the-seam',
      comment: 'A bot is a wanted state: the seam, helpers of AWS, the SDK and zod are all it needs.',
      severity: 'error',
      from: { path: '^functions/remediators/[^/]+/(lib/)?[^/]+\\.ts$', pathNot: `${tests}|/handlers/` },
      to: {
        pathNot:
          '^shared/(bot|aws|policy|resources)/|^shared/text\\.ts$|^functions/remediators/[^/]+/lib/|node_modules/(@aws-sdk/|zod/|ipaddr)|^(node:)?(util|crypto)$',
      },
    },
    {
      name: 'the-seam-knows-no-runtime',
      comment: 'A bot, and what types it, can be read and tested without queues, journals and environment.',
      severity: 'error',
      from: { path: '^shared/(bot|resources|policy)/', pathNot: tests },
      to: { path: '^shared/worker/|^config\\.ts$' },
    },
    {
      name: 'admission-is-asked-as-a-whole',
      comment:
        'Whether something may be done is one question with one answer: admit(). Only who lists exemptions reads them one by one.',
      severity: 'error',
      from: { pathNot: '^shared/worker/(admission\\.ts|exemptions\\.)|^cli/commands/exemptions/' },
      to: { path: '^shared/worker/exemptions\\.ts$' },
    },
    {
      name: 'shared-stands-below-functions',
      comment: 'The core knows bots only by their types.',
      severity: 'error',
      from: { path: '^shared/', pathNot: tests },
      to: {
        path: '^(functions|cli|local|deploy|tools|bench|test|testing)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'lambda-carries-no-tools',
      comment: 'What runs in Lambda must not carry what builds, deploys or imitates it.',
      severity: 'error',
      from: { path: '^(functions|shared)/', pathNot: tests },
      to: { path: '^(deploy|tools|cli|local|bench|test|testing)/' },
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
      to: { path: 'testing\\.ts$|/fixtures/.*\\.ts$|^test/|^testing/' },
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
