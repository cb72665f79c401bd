/** Plugins for the bundles of the functions, see `custom.esbuild` in serverless.yml. */
const { readFile } = require('node:fs/promises');
const { join } = require('node:path');
const { configPath } = require('./config-path.cjs');

/** `#config` is config.ts, or what SELFHEAL_CONFIG names. */
const config = {
  name: 'config',
  setup(build) {
    build.onResolve({ filter: /^#config$/ }, () => ({ path: configPath() }));
    // What config.ts imports, wherever that lies.
    build.onResolve({ filter: /^selfheal$/ }, () => ({ path: join(__dirname, '../shared/index.ts') }));
  },
};

/** One function loads bots by their ids: of the index it gets those that it may be asked for. */
const judges = {
  name: 'judges',
  setup(build) {
    build.onLoad({ filter: /functions[\\/]remediators[\\/]index\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const { judges } = require('./serverless.cjs');
      const contents = source.replace(/^ {2}(\w+): \(\) =>\s+import\([^)]*\),\n/gm, (line, id) =>
        judges.includes(id) ? line : '',
      );
      return { contents, loader: 'ts' };
    });
  },
};

/**
 * The SDK's schemas name their XML fields through computed keys (`[_xN]: _x`), which no bundler dares to drop, so
 * that every function would carry the schemas of all of EC2. Written out, they are dropped where they are not used:
 * half the size, half the loading time.
 */
const schemas = {
  name: 'schemas',
  setup(build) {
    build.onLoad(
      { filter: /client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ },
      async ({ path }) => {
        const source = await readFile(path, 'utf8');
        const names = new Map(
          [...source.matchAll(/^const (_\w*) = ("[^"]*");$/gm)].map(([, name, value]) => [name, value]),
        );
        const contents = source.replace(/\[(_\w*)\]:/g, (key, name) =>
          names.has(name) ? `${names.get(name)}:` : key,
        );
        return { contents, loader: 'js' };
      },
    );
  },
};

module.exports = [config, judges, schemas];
