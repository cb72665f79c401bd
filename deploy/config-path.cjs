const { statSync } = require('node:fs');
const { join, resolve, sep } = require('node:path');

const ROOT = join(__dirname, '..');

/**
 * The config that is deployed: the file that SELFHEAL_CONFIG names, or config.ts of the folder in which the command is
 * called. A clone has one of its own for calls from elsewhere; an installed package has none that anybody reviewed.
 */
function configPath() {
  const named = process.env.SELFHEAL_CONFIG;
  const path = resolve(named || 'config.ts');
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile()) return path;
  if (found) throw new Error(`${path} is no config file${named ? ': SELFHEAL_CONFIG names it' : ''}`);
  if (named) throw new Error(`there is no config file ${path}: SELFHEAL_CONFIG names it`);
  const isInstalled = __dirname.split(sep).includes('node_modules');
  if (isInstalled) {
    const nowhere = `there is no config.ts in ${process.cwd()}: npx selfheal init writes one`;
    throw Object.assign(new Error(nowhere), { code: 'NO_CONFIG' });
  }
  return join(ROOT, 'config.ts');
}

module.exports = { ROOT, configPath };
