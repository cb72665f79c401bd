// Serverless loads no TypeScript: what it needs of it is compiled here, with the config that is deployed.
const { buildSync } = require('esbuild');
const { join } = require('node:path');
const { configPath } = require('./config-path.cjs');

/** Makes `module` what a TypeScript file beside it exports. */
function compile(module, file) {
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, file)],
    bundle: true,
    write: false,
    platform: 'node',
    packages: 'external',
    external: ['./*.cjs'],
    alias: { '#config': configPath(), selfheal: join(__dirname, '../shared/index.ts') },
    logLevel: 'silent',
  });
  module._compile(outputFiles[0].text, join(__dirname, file.replace(/ts$/, 'js')));
}

module.exports = { compile };
