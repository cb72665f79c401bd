/** A journal of a hundred thousand changes, made up here: what the report keeps of it, and how large the page becomes. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { catalogue } from '../../functions/remediators/catalogue';
import type { JournalEntry } from '../../shared/worker/journal';
import { reportData } from './build';
import { documentOf } from './document';
import { HOME, NOW, entryOf } from './fixtures/sources';
import { keeper } from './keeper';

const COUNT = 100_000;
const LIMIT = 2_000;

/** Newest first, each with a state of two kilobytes, as a policy is. */
function* journal(): Generator<JournalEntry> {
  for (let index = 0; index < COUNT; index++) {
    const policy = JSON.stringify({ Sid: `statement-${index}`, Resource: String(index).padEnd(2_000, '*') });
    const at = NOW - 600_000 - index * 20_000;
    yield entryOf(String(index), {
      before: { policy },
      after: { policy: policy.toUpperCase() },
      startedAt: new Date(at).toISOString(),
      endedAt: new Date(at + 40_000).toISOString(),
    });
  }
}

test('100,000 changes: all are counted, the newest are listed, memory and page stay small, and the page says so', () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
  const before = process.memoryUsage().heapUsed;
  const kept = keeper(LIMIT);
  for (const entry of journal()) kept.take(entry);
  gc();
  const { entries, unread } = kept.entries();
  const keptMb = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  expect(entries.length).toBe(COUNT);
  expect(unread).toBeUndefined();
  // Whole they are 480 MB and more.
  expect(keptMb).toBeLessThan(150);

  const empty = { messages: [], waiting: 0 };
  const data = reportData({
    ...{ nowMs: NOW, home: HOME, catalogue, entries, limit: LIMIT, queue: empty, deadLetters: empty },
    config: { enable_auto_response: true, bots: { kms_enable_rotation: { enabled: true } } },
    since: new Date(NOW - 30 * 86_400_000).toISOString(),
    setAside: 0,
  });
  const page = documentOf(data, { script: '', style: '' });
  expect(data.totals.fixed).toBe(COUNT);
  expect(data.items.length).toBe(LIMIT);
  expect(data.cut).toEqual([
    'the newest 2000 changes are listed; 98000 older ones are counted only: --limit lists more, --since looks back less',
  ]);
  expect(page.length / 2 ** 20).toBeLessThan(5);
});

test('beyond what is counted, reading ends, and that is said', () => {
  const kept = keeper(1, 3);
  const ended = [...Array(5).keys()].map((index) => kept.take(entryOf(String(index))));
  expect(ended).toEqual([false, false, false, true, true]);
  const { entries, unread } = kept.entries();
  expect(entries.map(({ before }) => before)).toEqual([{ rotates: false }, null, null]);
  expect(unread).toMatch(/^the newest 3 changes were read, older ones are not counted/);
});
