const { existsSync } = require('node:fs');
const { resolve } = require('node:path');

/** The config that is deployed: config.ts, or the file that SELFHEAL_CONFIG names. */
function configPath() {
  const path = resolve(__dirname, '..', process.env.SELFHEAL_CONFIG ?? 'config.ts');
  if (!existsSync(path)) throw new Error(`there is no config file ${path}: SELFHEAL_CONFIG names it`);
  return path;
}

module.exports = { configPath };
