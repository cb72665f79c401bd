import { fork } from 'node:child_process';
import { drain } from './coordinator';
import { type Stub, startStub } from './stub';
import type { Row } from './table';

const FEW = 1_000;
const MANY = 100_000;
const SAMPLE_EVERY_MS = 100;
const MEGABYTE = 1024 * 1024;

/** The most memory that one drain took, in megabytes. */
interface Peaks {
  /** What was still in use right after a collection. */
  readonly heap: number;
  /** What the process had of the machine. */
  readonly resident: number;
}

/** The coordinator's memory at many messages beside that at few, each in a fresh process. */
export async function measureMemory(say: (line: string) => void): Promise<Row[]> {
  const stub = await startStub();
  try {
    const few = await peaksOf(stub, FEW);
    say(`${FEW} messages: ${few.heap.toFixed(1)} MB in use, ${few.resident.toFixed(1)} MB resident`);
    const many = await peaksOf(stub, MANY);
    say(`${MANY} messages: ${many.heap.toFixed(1)} MB in use, ${many.resident.toFixed(1)} MB resident`);
    return [
      rowOf('heap in use after collections, peak', many.heap, few.heap),
      rowOf('resident memory, peak', many.resident, few.resident),
    ];
  } finally {
    await stub.stop();
  }
}

function rowOf(what: string, value: number, besideValue: number): Row {
  return {
    what: `${what}, ${MANY} messages`,
    value,
    unit: 'MB',
    beside: `${FEW} messages`,
    besideValue,
    ratio: value / besideValue,
    goal: { atLeast: 0.8, atMost: 1.2 },
  };
}

async function peaksOf(stub: Stub, messages: number): Promise<Peaks> {
  await stub.fill(messages);
  const child = fork(__filename, [stub.endpoint], {
    execArgv: [...process.execArgv, '--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const endOnExit = () => child.kill('SIGKILL');
  process.once('exit', endOnExit);
  const peaks = await new Promise<Peaks>((resolve, reject) => {
    child.once('message', (message) => {
      resolve(message as Peaks);
    });
    child.once('exit', (code) => {
      reject(new Error(`the process whose memory is measured ended with ${code ?? 'a signal'}`));
    });
  });
  process.off('exit', endOnExit);
  const { invoked } = await stub.seen();
  if (invoked !== messages) throw new Error(`of ${messages} messages ${invoked} were handed on`);
  return peaks;
}

async function measureHere(endpoint: string): Promise<Peaks> {
  const { gc } = globalThis;
  if (!gc) throw new Error('memory is measured with --expose-gc');
  let heap = 0;
  const sample = () => {
    gc();
    heap = Math.max(heap, process.memoryUsage().heapUsed);
  };
  const timer = setInterval(sample, SAMPLE_EVERY_MS);
  await drain(endpoint);
  clearInterval(timer);
  sample();
  // Unlike `rss` this is a peak, and the kernel counts it in kilobytes.
  return { heap: heap / MEGABYTE, resident: process.resourceUsage().maxRSS / 1024 };
}

if (require.main === module) {
  void measureHere(process.argv[2] ?? '').then((peaks) => process.send?.(peaks));
}
