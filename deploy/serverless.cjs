// serverless.yml cannot read TypeScript itself: serverless.ts is compiled here, with the config that is deployed.
const { buildSync } = require('esbuild');
const { join } = require('node:path');
const { configPath } = require('./config-path.cjs');

const { outputFiles } = buildSync({
  entryPoints: [join(__dirname, 'serverless.ts')],
  bundle: true,
  write: false,
  platform: 'node',
  packages: 'external',
  alias: { '#config': configPath() },
});
module._compile(outputFiles[0].text, join(__dirname, 'serverless.js'));
