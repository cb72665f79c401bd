import type { CatalogueEntry } from '../../../shared/catalogue';
import { newConfigFile, writeNewConfig } from '../../new-config';
import type { Result, Session } from '../../session';
import { Problem } from '../../terminal/errors';
import { EXIT } from '../../terminal/exit-codes';
import { type Printable, joined, printable, text } from '../../terminal/print';
import { table, wrapped } from '../../terminal/table';
import { fromCloudBots } from './cloudbots';
import { fromConformity } from './conformity';
import { fromDdAws } from './dd-aws';
import { type Settings, settingsIn } from './file';
import { type Migration, grouped } from './migration';
import { namesText, sourceOf } from './source';

type Reader = (settings: Settings, catalogue: readonly CatalogueEntry[]) => Migration;

/** The tools whose settings are read, by the word that stands for each. */
const READERS: Readonly<Record<string, { readonly title: string; readonly read: Reader }>> = {
  cloudbots: { title: 'CloudBots', read: fromCloudBots },
  conformity: { title: 'Conformity', read: fromConformity },
  'dd-aws': { title: 'DD-AWS', read: fromDdAws },
};

/** Options of `selfheal import`. */
export interface ImportOptions {
  /** Where config.ts goes; `-`: to stdout. */
  readonly out?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
}

/**
 * `selfheal import <tool> <file>`: reads the settings of another tool as data and writes a config.ts that does no more than
 * it did, with what has no counterpart named. Asks AWS nothing.
 *
 * @throws Problem when the file is not that tool's, nothing of it comes over, or there is a config.ts already.
 */
export async function importSettings(
  session: Session,
  tool: string,
  from: string,
  options: ImportOptions,
): Promise<Result> {
  const { say, note, paint } = session;
  const reader = Object.hasOwn(READERS, tool) ? READERS[tool] : undefined;
  if (!reader)
    throw new Problem(`there is no import from ${tool}: there are ${Object.keys(READERS).join(', ')}`);
  const isShown = options.dryRun === true || options.out === '-';
  const file = isShown ? undefined : newConfigFile(options.out, options.force);
  const migration = reader.read(await settingsIn(from), await session.catalogue());
  // With `--out -` stdout is the file.
  const tell = options.out === '-' && !session.options.json ? note : say;
  tell(tableOf(migration, reader.title, session));
  if (Object.keys(migration.config.bots).length === 0) {
    throw new Problem('nothing was written: no bot comes over', EXIT.failed);
  }
  const source = sourceOf(migration, tool);
  if (file !== undefined) {
    await writeNewConfig(file, source, options.force);
    tell(text`\n${paint.green(text`Wrote ${printable(file)}.`)} Next:\n`);
  } else {
    const lines = source.trimEnd().split('\n');
    say(joined([...(options.out === '-' ? [] : [text``]), ...lines.map((line) => printable(line))], '\n'));
    tell(text`\nNothing was written. Next:\n`);
  }
  for (const step of [...migration.next, 'npx selfheal validate says what it would deploy.']) {
    const [first = text``, ...more] = wrapped(printable(step), session.io.columns - 4);
    tell(joined([text`  - ${first}`, ...more.map((line) => text`    ${line}`)], '\n'));
  }
  const { config, moves, next } = migration;
  return { exit: EXIT.fine, document: { file: file ?? null, config, moves, next } };
}

const COUNTED = { moved: 'as it was', differs: 'different', left: 'left out' } as const;
const WORDS = { moved: 'as it was', differs: 'differs', left: 'left out' } as const;

/** What came over, what differs, what has no counterpart; what is alike stands in one row. */
function tableOf({ moves }: Migration, title: string, { io, paint }: Session): Printable {
  const paints = { moved: paint.green, differs: paint.yellow, left: paint.red };
  const groups = [
    ...grouped(moves, ({ how, to = '', says = '' }) => JSON.stringify([how, to, says])).values(),
  ];
  const hows = ['moved', 'differs', 'left'] as const;
  const rows = hows.flatMap((how) =>
    groups
      .filter(([first]) => first?.how === how)
      .map((group) => [
        { text: printable(WORDS[how]), paint: paints[how] },
        printable(namesText(group.map(({ from }) => from))),
        printable(group[0]?.to ?? '-'),
        printable(group[0]?.says ?? ''),
      ]),
  );
  const counts = hows.map(
    (how) => text`${moves.filter((move) => move.how === how).length} ${printable(COUNTED[how])}`,
  );
  const columns = {
    how: 'whole',
    [`in ${title}`]: 'prose',
    'config.ts': 'name',
    'what to know': 'prose',
  } as const;
  return text`${table(paint, io.columns, columns, rows)}\n\n${paint.dim(joined(counts, ', '))}`;
}
