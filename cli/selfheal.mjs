#!/usr/bin/env node
// Starts the command line. Plain JavaScript with nothing but Node, so that it can say what is missing.
import module, { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  fail(`selfheal needs Node 20.19 or newer, this is ${process.versions.node}: install a newer one.`);
} else if (!isInstalled('esbuild') || !isInstalled('commander')) {
  fail(`selfheal's packages are not installed: run npm ci in ${root}`);
} else {
  // Of Node 22 on: code that was read once is read faster.
  module.enableCompileCache?.();
  // The SDK says on every start how old Node is.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  require('./compiled.cjs').loadCompiled('cli/main.ts').start(process.argv.slice(2));
}

function isInstalled(name) {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
