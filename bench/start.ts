import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Row, median } from './table';

const ROUNDS = 7;
const SELFHEAL = join(__dirname, '..', 'cli', 'selfheal.mjs');
/** Commands that ask AWS nothing. */
const ALONE = [['--help'], ['bots'], ['validate'], ['queue', '--help'], ['explain', '--help']];

/** How long a command takes to start, beside Node with nothing to run; of one that asks AWS, until it asks. */
export async function measureStart(say: (line: string) => void): Promise<Row[]> {
  const aws = await newListener();
  try {
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      SELFHEAL_CONFIG: join(__dirname, '..', 'local/demo/config.ts'),
    };
    const ended = (argv: readonly string[]) =>
      secondsOf(argv, env, () => new Promise<number>(() => undefined));
    const measures = [
      ...ALONE.map((words) => ({
        what: `selfheal ${words.join(' ')}`,
        once: () => ended([SELFHEAL, ...words]),
      })),
      {
        what: 'selfheal queue, until it asks AWS',
        once: () => secondsOf([SELFHEAL, 'queue'], env, aws.next),
      },
    ];
    const nothing: number[] = [];
    const each = new Map(measures.map(({ what }) => [what, [] as number[]]));
    // Once for what is compiled and kept.
    await ended([SELFHEAL, 'validate']);
    for (let round = 1; round <= ROUNDS; round++) {
      nothing.push(await ended(['-e', '0']));
      for (const { what, once } of measures) each.get(what)?.push(await once());
      say(`${round} of ${ROUNDS}`);
    }
    return [...each].map(([what, values]) => ({
      what,
      value: median(values) * 1000,
      unit: 'ms',
      each: values.map((value) => value * 1000),
      beside: 'node -e 0',
      besideValue: median(nothing) * 1000,
      besideEach: nothing.map((value) => value * 1000),
      ratio: median(values) / median(nothing),
      // Half a second where Node itself takes forty milliseconds.
      goal: { atMost: 8 },
    }));
  } finally {
    aws.close();
  }
}

/** Until Node ends, or what is awaited beside it has come. */
async function secondsOf(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  awaited: () => Promise<number>,
): Promise<number> {
  const come = awaited();
  const begun = performance.now();
  const child = spawn(process.execPath, argv, { env, stdio: 'ignore' });
  const end = new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('exit', () => {
      resolve(performance.now());
    });
  });
  const at = await Promise.race([come, end]);
  child.kill();
  await end;
  return (at - begun) / 1000;
}

/** Stands where AWS would, answers nothing, and tells when it is asked. */
async function newListener() {
  let tell: (at: number) => void = () => undefined;
  const server = createServer(() => {
    tell(performance.now());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next: () => new Promise<number>((resolve) => (tell = resolve)),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
