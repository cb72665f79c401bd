import type { Command } from 'commander';
import { FINDING_SOURCES, ROUTED_SOURCES } from '../../../shared/config';
import { presets } from '../../../shared/presets/presets';
import { knownRegions } from '../../../shared/resources/regions';
import { SEVERITIES } from '../../rows/narrow';
import type { Result, Session } from '../../session';
import { EXIT } from '../../terminal/exit-codes';
import { joined, printable } from '../../terminal/print';
import { bashScript } from './bash';
import { type Word, described } from './described';
import { fishScript } from './fish';
import { zshScript } from './zsh';

/** The shells that are known. */
export type Shell = keyof typeof SCRIPTS;

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** `selfheal completion <shell>`: a script by which a shell completes what is typed. It starts nothing when it is asked. */
export async function completion(session: Session, program: Command, shell: Shell): Promise<Result> {
  const script = SCRIPTS[shell](described(program, await listsOf(session)));
  session.say(
    joined(
      script
        .trimEnd()
        .split('\n')
        .map((line) => printable(line)),
      '\n',
    ),
  );
  return { exit: EXIT.fine, document: { shell, script } };
}

/** What values may be, by the name that the help has for them. */
async function listsOf(session: Session): Promise<Readonly<Record<string, readonly Word[]>>> {
  const bot = (await session.catalogue()).map(({ id, title }) => ({ word: id, says: title }));
  const preset = plain(Object.keys(presets));
  return {
    bot,
    preset,
    severity: plain([...SEVERITIES, ...SEVERITIES.slice(1, -1).map((severity) => `${severity}+`)]),
    region: plain(knownRegions),
    source: plain([...FINDING_SOURCES, 'scan']),
    bots: [...preset, ...plain(['few', 'none']), ...bot],
    sources: plain([...ROUTED_SOURCES, 'none']),
  };
}

function plain(words: readonly string[]): Word[] {
  return words.map((word) => ({ word }));
}
