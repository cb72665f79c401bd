import type { JournalEntry } from '../../shared/worker/journal';
import type { Sources } from './build';

/** Most entries that are counted. */
export const MOST_ENTRIES = 200_000;

/**
 * Keeps the newest entries whole, and of the others what is counted: a hundred thousand states fill the memory.
 *
 * @param limit how many are kept whole
 */
export function keeper(limit: number, most = MOST_ENTRIES) {
  const entries: JournalEntry[] = [];
  let isFull = false;
  return {
    /** For `where`: `list` itself keeps nothing, and ends once there is enough. */
    take: (entry: JournalEntry): boolean => {
      isFull = entries.length >= most;
      if (!isFull) entries.push(entries.length < limit ? entry : counted(entry));
      return isFull;
    },
    entries: (): Pick<Sources, 'entries' | 'unread'> => ({
      entries,
      ...(isFull && {
        unread: `the newest ${most} changes were read, older ones are not counted: --since looks back less`,
      }),
    }),
  };
}

function counted({ after, ...entry }: JournalEntry): JournalEntry {
  return { ...entry, params: {}, before: null, calls: [], ...(after !== undefined && { after: null }) };
}
