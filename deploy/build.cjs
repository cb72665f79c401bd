// serverless-esbuild, but for how it calls esbuild: it has one run for each function, and each run reads the SDK anew.
// One run for all of them would read it once and hold all bundles at once, 2.8 GB for 72 bots. So a few share a run,
// and esbuild's process ends with it, since it gives no memory back. That process is too short to be worth collecting its
// garbage, which takes a third of its time: it does so from a limit on alone.
const esbuild = require('esbuild');
const ServerlessEsbuild = require('serverless-esbuild');

// The SDK says on every start how old Node is; what is deployed runs on a Node of its own.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

process.env.GOGC ??= 'off';
process.env.GOMEMLIMIT ??= '1500MiB';

/** Functions in a run. More take more memory, 60 MB each; fewer take more time. */
const TOGETHER = 8;
/** Carries all bots that AWS Config rules ask for, so that it has a run of its own. */
const LARGEST = /^functions[\\/]config-rules[\\/]/;

class Build extends ServerlessEsbuild {
  constructor(serverless, options, logging) {
    super(serverless, options, logging);
    this.bundle = () => bundle(this);
  }
}

/** Puts the bundles where serverless-esbuild zips them, and tells it which function each is of. */
async function bundle(plugin) {
  plugin.prepare();
  const { buildDirPath, buildOptions, functionEntries, plugins } = plugin;
  const { bundle, keepNames, legalComments, mainFields, minify, platform, sourcemap, target } = buildOptions;
  const entries = [...new Set(functionEntries.map(({ entry }) => entry))];
  for (const entryPoints of runsOf(entries)) {
    await esbuild.build({
      ...{ bundle, keepNames, legalComments, mainFields, minify, platform, sourcemap, target, plugins },
      entryPoints: entryPoints.map((entry) => ({ in: entry, out: withoutExtension(entry) })),
      outdir: buildDirPath,
    });
    await esbuild.stop();
  }
  plugin.buildResults = functionEntries.map(({ entry, func, functionAlias }) => ({
    bundlePath: `${withoutExtension(entry)}.js`,
    func,
    functionAlias,
  }));
}

function runsOf(entries) {
  const others = entries.filter((entry) => !LARGEST.test(entry));
  const runs = Array.from({ length: Math.ceil(others.length / TOGETHER) }, (_, run) =>
    others.slice(run * TOGETHER, (run + 1) * TOGETHER),
  );
  return [...entries.filter((entry) => LARGEST.test(entry)).map((entry) => [entry]), ...runs];
}

function withoutExtension(entry) {
  return entry.replace(/\.\w+$/, '');
}

module.exports = Build;
