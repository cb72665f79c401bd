// Makes a bare clone ready, then runs a command: node local/setup.mjs <command> [arguments…]
// Builtins only: it runs before node_modules exists.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const state = path.join(root, '.selfheal');
const lock = path.join(state, 'setup.lock');
// Every version with the hashes of all its files; how it is made from requirements.in, its head says.
const requirements = path.join(root, 'local', 'aws', 'requirements.txt');
const runtimeFile = path.join(state, 'aws-runtime.json');
const windows = process.platform === 'win32';

/** A sentence for the person at the terminal, instead of a stack trace. */
class Missing extends Error {}

const [command, ...args] = process.argv.slice(2);
try {
  requireNode();
  await alone(async () => {
    await step('packages', packagesAreFresh, installPackages);
    await step('local AWS', awsIsFresh, installAws);
  });
  if (command) run(command, args);
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Missing(`selfheal needs Node 20.19 or newer; this is ${process.versions.node}.`);
  }
}

async function step(name, isFresh, install) {
  if (isFresh()) return;
  const started = Date.now();
  process.stderr.write(`setting up ${name} …\n`);
  const result = await install();
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stderr.write(`setting up ${name}: ${result ?? 'done'} in ${seconds} s\n`);
}

function packagesAreFresh() {
  return readIfThere(packagesStamp()) === hash(path.join(root, 'package-lock.json'));
}

function packagesStamp() {
  return path.join(root, 'node_modules', '.selfheal-lock');
}

async function installPackages() {
  const wanted = hash(path.join(root, 'package-lock.json'));
  if (installedFrom(wanted)) return 'already there';
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];
  await tool('npm', ['ci', ...quietly], 'npm ci failed');
  writeFileSync(packagesStamp(), wanted);
}

/** An `npm ci` or `npm install` that somebody ran by hand counts, when npm's own record is newer than the lock. */
function installedFrom(wanted) {
  const record = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  if (statSync(record).mtimeMs < statSync(path.join(root, 'package-lock.json')).mtimeMs) return false;
  writeFileSync(packagesStamp(), wanted);
  return true;
}

function awsIsFresh() {
  const runtime = JSON.parse(readIfThere(runtimeFile) ?? '{}');
  if (runtime.stamp !== requirementsHash()) return false;
  return runtime.kind === 'container'
    ? engineAnswers(runtime.engine)
    : existsSync(path.join(root, runtime.python));
}

function requirementsHash() {
  return hash(requirements);
}

async function installAws() {
  const python = findPython();
  if (python) return installPython(python);
  const engine = ['docker', 'podman'].find(engineAnswers);
  if (!engine) {
    throw new Missing(
      'Local AWS needs Python 3.10 or newer (with its venv module) or a running Docker or Podman; neither was found.',
    );
  }
  return installContainer(engine);
}

function findPython() {
  const names = ['python3', 'python', ...[14, 13, 12, 11, 10].map((minor) => `python3.${minor}`)];
  const candidates = [...(windows ? [['py', '-3']] : []), ...names.map((name) => [name])];
  const check = 'import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 10) else 1)';
  return candidates.find(([name, ...options]) => {
    return spawnSync(name, [...options, '-c', check], { stdio: 'ignore' }).status === 0;
  });
}

async function installPython([name, ...options]) {
  const home = path.join(state, 'venv');
  // What an interrupted set-up left behind is not to be trusted.
  rmSync(home, { recursive: true, force: true });
  rmSync(runtimeFile, { force: true });
  await tool(name, [...options, '-m', 'venv', home], 'Python could not make a virtual environment');
  const relative = windows ? '.selfheal/venv/Scripts/python.exe' : '.selfheal/venv/bin/python';
  const python = path.join(root, relative);
  const quietly = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--prefer-binary',
    '--no-compile',
    '--require-hashes',
  ];
  await tool(python, [...quietly, '-r', requirements], 'pip could not install moto');
  record({ kind: 'python', python: relative, stamp: requirementsHash() });
  return `Python environment in ${path.join('.selfheal', 'venv')}`;
}

async function installContainer(engine) {
  const image = `motoserver/moto:${/^moto==(\S+)/m.exec(readFileSync(requirements, 'utf8'))?.[1]}`;
  await tool(engine, ['pull', '--quiet', image], `${engine} could not pull ${image}`);
  record({ kind: 'container', engine, image, stamp: requirementsHash() });
  return `${engine} image ${image}`;
}

function engineAnswers(engine) {
  return spawnSync(engine, ['info'], { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

function record(runtime) {
  writeFileSync(`${runtimeFile}.new`, `${JSON.stringify(runtime)}\n`);
  renameSync(`${runtimeFile}.new`, runtimeFile);
}

/** Runs a tool quietly; what it said is shown only when it fails. */
async function tool(name, options, complaint) {
  const child = spawn(name, options, {
    cwd: root,
    shell: windows && name === 'npm',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const said = [];
  child.stdout.on('data', (chunk) => said.push(chunk));
  child.stderr.on('data', (chunk) => said.push(chunk));
  const code = await new Promise((resolve) => {
    child.on('error', () => resolve(-1));
    child.on('close', resolve);
  });
  process.off('exit', endWithUs);
  if (code === 0) return;
  const lines = Buffer.concat(said).toString().trim().split('\n').filter(Boolean);
  // npm says what is wrong first and pip says it last.
  const telling = lines.length > 16 ? [...lines.slice(0, 8), '…', ...lines.slice(-8)] : lines;
  throw new Missing([...telling, `${complaint}.`].join('\n'));
}

/** Two set-ups at once would write into one another's environment: the second waits for the first. */
async function alone(work) {
  if (packagesAreFresh() && awsIsFresh()) return;
  mkdirSync(state, { recursive: true });
  for (let said = false; !takeLock(); said = true) {
    if (!said) process.stderr.write('waiting for another set-up to end …\n');
    await sleep(300);
  }
  const heartbeat = setInterval(() => utimesSync(lock, new Date(), new Date()), 5_000);
  const release = () => rmSync(lock, { recursive: true, force: true });
  const interrupted = (signal) => {
    release();
    process.exit(128 + os.constants.signals[signal]);
  };
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  try {
    await work();
  } finally {
    clearInterval(heartbeat);
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    release();
  }
}

function takeLock() {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  // The holder touches its lock every five seconds; one that stopped was killed.
  const touched = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Date.now() - touched > 20_000) rmSync(lock, { recursive: true, force: true });
  return false;
}

function run(name, options) {
  const bin = path.join(root, 'node_modules', '.bin');
  // The SDK warns about the end of Node 20 at every start.
  const env = { NODE_NO_WARNINGS: '1', ...process.env, PATH: [bin, process.env.PATH].join(path.delimiter) };
  const child = spawn(name, options, { cwd: root, env, stdio: 'inherit', shell: windows });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // npm passes a signal on to its shell, which ends without passing it on to us.
  const parent = process.ppid;
  const orphaned = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(orphaned);
    child.kill('SIGTERM');
  }, 500);
  child.on('error', (error) => {
    process.stderr.write(`${name} could not be started: ${error.message}\n`);
    process.exitCode = 127;
  });
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + os.constants.signals[signal]);
  });
}

function hash(...files) {
  const digest = createHash('sha256');
  for (const file of files) digest.update(readFileSync(file));
  return digest.digest('hex');
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
