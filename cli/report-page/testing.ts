/** A real Chromium for tests of the page. */
import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';

const ROOT = path.join(__dirname, '..', '..');
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const PACKAGE = path.join(ROOT, 'node_modules', '@sparticuz', 'chromium');

/** Starts it; `undefined` where this machine has none, and the one that comes with the packages cannot run. */
export async function startChromium(): Promise<Browser | undefined> {
  const executablePath = installed() ?? (await unpacked());
  if (executablePath === undefined) return undefined;
  return chromium.launch({
    executablePath,
    // As root, and in containers, there is no sandbox; the page is our own.
    args: ['--no-sandbox', '--no-zygote', '--disable-gpu', '--disable-dev-shm-usage'],
  });
}

function installed(): string | undefined {
  const onPath = (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return [process.env.SELFHEAL_CHROMIUM ?? '', ...onPath, mac].find(
    (file) => file !== '' && existsSync(file),
  );
}

/** The one of the package, which is for Linux on x64; unpacked once. */
async function unpacked(): Promise<string | undefined> {
  const packed = path.join(PACKAGE, 'bin', 'chromium.br');
  if (process.platform !== 'linux' || process.arch !== 'x64' || !existsSync(packed)) return undefined;
  const { version } = JSON.parse(readFileSync(path.join(PACKAGE, 'package.json'), 'utf8')) as {
    version: string;
  };
  const file = path.join(ROOT, '.selfheal', `chromium-${version}`);
  if (existsSync(file)) return file;
  const unfinished = `${file}.${process.pid}`;
  await mkdir(path.dirname(file), { recursive: true });
  await pipeline(createReadStream(packed), createBrotliDecompress(), createWriteStream(unfinished));
  await chmod(unfinished, 0o755);
  await rename(unfinished, file);
  return file;
}
