import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { catalogue } from '../functions/remediators/catalogue';
import { copySources, packageIn } from '../local/package';
import type { Row } from './table';

/** As many as there were when each had a run of esbuild of its own. */
const BOTS = 72;
const SAMPLE_EVERY_MS = 200;
/** A shell that says at the end how long its children, and theirs, kept a processor busy. */
const TIMED = ['sh', '-c', '"$@"; code=$?; times; exit $code', 'sh'];

/** What one `serverless package` took, with all processes that it started. */
interface Cost {
  readonly cpuSeconds: number;
  /** The most at one moment, of all processes together, in megabytes. */
  readonly peak: number;
}

/** Packaging as it is beside packaging as serverless-esbuild does it by itself: a run of esbuild for each function. */
export async function measurePackaging(say: (line: string) => void): Promise<Row[]> {
  const alone = await costOf(oneRunEach);
  say(`a run each: ${alone.cpuSeconds.toFixed(0)} s of CPU, ${alone.peak.toFixed(0)} MB at most`);
  const together = await costOf(() => undefined);
  say(`as it is: ${together.cpuSeconds.toFixed(0)} s of CPU, ${together.peak.toFixed(0)} MB at most`);
  const row = (what: string, unit: string, key: keyof Cost): Row => ({
    what: `${what} of packaging ${BOTS} bots`,
    value: together[key],
    unit,
    beside: 'a run of esbuild for each function',
    besideValue: alone[key],
    ratio: together[key] / alone[key],
    goal: { atMost: 0.5 },
  });
  return [row('CPU', 's', 'cpuSeconds'), row('memory, peak,', 'MB', 'peak')];
}

/** serverless.yml without the plugin that lets functions share a run. */
function oneRunEach(directory: string): void {
  const path = join(directory, 'serverless.yml');
  const text = readFileSync(path, 'utf8')
    .replace('./deploy/build.cjs', 'serverless-esbuild')
    .replace('zipConcurrency: 2', 'zipConcurrency: 2\n    skipRebuild: true\n    concurrency: 2');
  writeFileSync(path, text);
}

async function costOf(change: (directory: string) => void): Promise<Cost> {
  const { directory, remove } = copySources();
  try {
    change(directory);
    const enabled = catalogue.slice(0, BOTS).map(({ id }) => id);
    const config = `import all from './config.all';
const enabled = ${JSON.stringify(enabled)};
const bots = Object.fromEntries(Object.entries(all.bots).filter(([id]) => enabled.includes(id)));
export default { ...all, bots };
`;
    writeFileSync(join(directory, 'test', 'config.some.ts'), config);
    const seen = new Map<number, number>();
    let peak = 0;
    let reaped = 0;
    let ended = false;
    let watched: Promise<void> | undefined;
    const watch = async (pid: number) => {
      while (!ended) {
        const tree = await treeOf(pid);
        for (const each of tree) seen.set(each.pid, each.cpuSeconds);
        peak = Math.max(peak, tree.reduce((sum, { kilobytes }) => sum + kilobytes, 0) / 1024);
        await sleep(SAMPLE_EVERY_MS);
      }
    };
    await packageIn(directory, 'test/config.some.ts', {
      through: TIMED,
      onStart: (pid) => {
        watched = watch(pid);
      },
      onLine: (line) => {
        reaped = childrensTime(line) ?? reaped;
      },
    }).finally(() => {
      ended = true;
    });
    await watched;
    // The shell does not hear of a process that outlives its parent, and samples show whole seconds.
    const cpuSeconds = Math.max(
      reaped,
      [...seen.values()].reduce((sum, each) => sum + each, 0),
    );
    return { cpuSeconds, peak };
  } finally {
    remove();
  }
}

/** A process and those that it started, as they are now. */
async function treeOf(root: number) {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=,time=']);
  const all = stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parent, kilobytes, time = ''] = line.trim().split(/\s+/);
      return {
        pid: Number(pid),
        parent: Number(parent),
        kilobytes: Number(kilobytes),
        cpuSeconds: secondsIn(time),
      };
    });
  const tree = new Set([root]);
  for (let size = 0; size < tree.size;) {
    size = tree.size;
    for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid);
  }
  return all.filter(({ pid }) => tree.has(pid));
}

/** `[days-][hours:]minutes:seconds` */
function secondsIn(time: string): number {
  const [clock = '', days = '0'] = time.split('-').reverse();
  return clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days) * 86_400;
}

/** User and system time; the last line is that of the children. Source: POSIX, times. */
function childrensTime(line: string): number | undefined {
  const [, ...parts] = /^(\d+)m([\d.]+)s (\d+)m([\d.]+)s$/.exec(line.trim()) ?? [];
  const [minutes, seconds, more, others] = parts.map(Number);
  if (minutes === undefined || seconds === undefined) return undefined;
  return (minutes + (more ?? 0)) * 60 + seconds + (others ?? 0);
}
