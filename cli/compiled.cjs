// Loads TypeScript compiled into one file, which is kept until one of its sources changes: loading each source by itself
// takes half a second and more, this a tenth.
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require('node:fs');
const { Module } = require('node:module');
const { homedir } = require('node:os');
const { basename, dirname, join, relative, resolve } = require('node:path');

const ROOT = join(__dirname, '..');
/** Beside the sources, and of whoever may not write there. */
const KEPT = [
  join(ROOT, '.selfheal', 'compiled'),
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'selfheal', 'compiled'),
];

/** An import of a client of AWS: what stands behind it takes tens of milliseconds to load, and most commands use few. */
const AWS_SDK = / = (require\("@aws-sdk\/[^"]+"\));/g;

/** Loads a package when something of it is used for the first time. */
const LAZILY = `
function lazily(load) {
  return new Proxy({}, { get: (_, name) => load()[name] });
}
`;

/** Answers with what a TypeScript file exports. Throws an error of one line where it does not compile. */
function loadCompiled(file, isKept = true) {
  const path = resolve(ROOT, file);
  const compiled = new Module(path);
  // As if it were the source: what it requires beside itself, and of packages, is found from there.
  compiled.filename = path.replace(/ts$/, 'js');
  compiled.paths = Module._nodeModulePaths(dirname(path));
  compiled._compile(isKept ? keptText(path) : compile(path).text, compiled.filename);
  return compiled.exports;
}

function keptText(path) {
  const name = `${basename(path, '.ts')}-${createHash('sha256').update(path).digest('hex').slice(0, 12)}`;
  for (const folder of KEPT) {
    try {
      const { text, sources } = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
      if (sources.every(([source, stamp]) => stampOf(source) === stamp)) return text;
    } catch {
      // Nothing is kept there, or a source is gone.
    }
  }
  const { text, sources } = compile(path);
  for (const folder of KEPT) {
    try {
      mkdirSync(folder, { recursive: true });
      const written = join(folder, `${name}.${process.pid}`);
      writeFileSync(written, JSON.stringify({ text, sources }));
      renameSync(written, join(folder, `${name}.json`));
      break;
    } catch {
      // Where nothing may be written at all, it is compiled each time.
    }
  }
  return text;
}

function compile(path) {
  const { buildSync } = require('esbuild');
  try {
    const { outputFiles, metafile } = buildSync({
      ...{
        entryPoints: [path],
        outfile: path.replace(/ts$/, 'js'),
        absWorkingDir: ROOT,
        write: false,
        metafile: true,
        logLevel: 'silent',
      },
      ...{ bundle: true, platform: 'node', format: 'cjs', target: 'node20', mainFields: ['module', 'main'] },
      // So that `import()` is `require()` too, which need not find out what a package exports before it runs it.
      supported: { 'dynamic-import': false },
      // What is large, and needed by few commands; and what has to know where it lies.
      external: [
        '@aws-sdk/*',
        '@slack/*',
        '@cloud-copilot/*',
        'esbuild',
        'ora',
        './cli/*.cjs',
        './deploy/*.cjs',
      ],
      // What config.ts imports, wherever that lies.
      alias: { selfheal: join(ROOT, 'shared/index.ts') },
    });
    const sources = [...Object.keys(metafile.inputs), 'package-lock.json', 'cli/compiled.cjs'];
    return {
      text: outputFiles[0].text.replace(AWS_SDK, ' = lazily(() => $1);') + LAZILY,
      sources: sources.map((source) => [resolve(ROOT, source), stampOf(resolve(ROOT, source))]),
    };
  } catch (error) {
    const [first] = error.errors ?? [];
    const { file, line } = first?.location ?? {};
    const from = file && relative(process.cwd(), resolve(ROOT, file));
    throw new Error(from ? `${from}:${line}: ${first.text}` : (first?.text ?? String(error)), {
      cause: error,
    });
  }
}

/** Changes when a file does. */
function stampOf(file) {
  const { mtimeMs, size } = statSync(file, { throwIfNoEntry: false }) ?? {};
  return `${mtimeMs}/${size}`;
}

module.exports = { loadCompiled };
