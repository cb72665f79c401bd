// One execution environment: loads the handler of a deployed zip and runs the events that the host sends.
'use strict';
const dns = require('node:dns');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const [, , taskRoot, handlerName, runtimePackages] = process.argv;

bringRuntimePackages();
resolveLocalhost();
process.on('disconnect', () => process.exit(0));
process.on('uncaughtException', (error) => die(error));
process.on('unhandledRejection', (error) => die(error));

loadHandler().then(
  (handler) => {
    process.on('message', (message) => {
      void answer(handler, message);
    });
    process.send({ type: 'ready' });
  },
  (error) => die(error),
);

/** Lambda's Node.js runtimes bring the AWS SDK; everything else must be in the zip. */
function bringRuntimePackages() {
  const stock = Module._resolveFilename;
  Module._resolveFilename = function resolve(request, parent, isMain, options) {
    const brought = request.startsWith('@aws-sdk/') || request.startsWith('@smithy/');
    return stock.call(
      this,
      request,
      parent,
      isMain,
      brought ? { paths: [taskRoot, runtimePackages] } : options,
    );
  };
}

/** S3 Control puts the account id before the host name; Node does not know that *.localhost is this machine. */
function resolveLocalhost() {
  const { lookup } = dns;
  dns.lookup = Object.assign(
    (host, ...rest) => lookup.call(dns, host.endsWith('.localhost') ? '127.0.0.1' : host, ...rest),
    lookup,
  );
}

async function loadHandler() {
  const dot = handlerName.lastIndexOf('.');
  const base = path.join(taskRoot, handlerName.slice(0, dot));
  const file = ['.js', '.mjs', '.cjs']
    .map((extension) => base + extension)
    .find((each) => fs.existsSync(each));
  if (!file) throw named('Runtime.ImportModuleError', `Cannot find module '${handlerName.slice(0, dot)}'`);
  const exported = await load(file);
  const name = handlerName.slice(dot + 1);
  const handler = exported[name] ?? exported.default?.[name];
  if (typeof handler !== 'function') {
    throw named('Runtime.HandlerNotFound', `${handlerName} is undefined or not exported`);
  }
  return handler;
}

async function load(file) {
  if (file.endsWith('.mjs')) return import(pathToFileURL(file).href);
  try {
    return require(file);
  } catch (error) {
    if (error.code !== 'ERR_REQUIRE_ESM') throw error;
    return import(pathToFileURL(file).href);
  }
}

async function answer(handler, { id, event, context, deadline }) {
  try {
    const result = await run(handler, event, contextOf(id, context, deadline));
    process.send({ type: 'result', id, payload: JSON.stringify(result === undefined ? null : result) });
  } catch (error) {
    process.send({ type: 'error', id, payload: JSON.stringify(described(error)) });
  }
}

function contextOf(id, context, deadline) {
  return {
    ...context,
    awsRequestId: id,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

/** A handler answers by a promise or by its third argument. */
function run(handler, event, context) {
  return new Promise((resolve, reject) => {
    const callback = (error, result) => (error ? reject(error) : resolve(result));
    const returned = handler(event, { ...context, succeed: resolve, fail: reject, done: callback }, callback);
    if (typeof returned?.then === 'function') returned.then(resolve, reject);
    else if (handler.length < 3) resolve(returned);
  });
}

function described(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

function named(name, message) {
  return Object.assign(new Error(message), { name });
}

function die(error) {
  process.stderr.write(`${error?.stack ?? String(error)}\n`);
  if (!process.connected) process.exit(1);
  process.send({ type: 'fatal', payload: JSON.stringify(described(error)) }, () => process.exit(1));
}
