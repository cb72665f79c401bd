import type { CatalogueEntry } from '../shared/catalogue';
import type { Registry } from '../shared/worker/load';
import type { Config } from '../shared/config';
import type { Format } from './export/formats';
import { Problem } from './terminal/errors';
import { EXIT, type ExitCode } from './terminal/exit-codes';
import type { Io, Work } from './terminal/io';
import { nearest } from '../shared/nearest';
import { type Paints, type Printable, paints, printable, text } from './terminal/print';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly region?: string;
  readonly stage: string;
  readonly profile?: string;
  /** The role by which resources of other accounts are reached. */
  readonly assumeRole?: string;
  readonly json?: boolean;
  readonly color: boolean;
  /** Of commands that hand rows on: in which form, and into which file. */
  readonly format?: Format;
  readonly out?: string;
}

/** What commands work with beside their arguments; tests give their own. Loaded when asked for: help is quick. */
export interface World {
  readonly io: Io;
  readonly config: () => Promise<Config>;
  readonly catalogue: () => Promise<readonly CatalogueEntry[]>;
  readonly registry: () => Promise<Registry>;
}

/** Nobody has written a config.ts yet. */
class NoConfig extends Problem {}

/** config.ts for what can be read without one: where there is none, nothing is enabled, and a line says so. */
export async function configIfAny(session: Session): Promise<Config> {
  try {
    return await session.config();
  } catch (error) {
    if (!(error instanceof NoConfig)) throw error;
    warn(session, error.message);
    return { enable_auto_response: false, bots: {} };
  }
}

/** What a command comes to: its exit code, and the one document that `--json` prints. */
export interface Result {
  readonly exit: ExitCode;
  readonly document: object;
}

/** One run of the command. */
export interface Session extends World {
  readonly options: GlobalOptions;
  readonly paint: Paints;
  /** Prints for people: nothing with `--json`, nor where rows are printed in another format. */
  readonly say: (line: Printable) => void;
  /** Prints on stderr: warnings and questions. */
  readonly note: (line: Printable) => void;
  /** Shows on a terminal that something is going on. */
  readonly during: <T>(what: string, work: Work<T>) => Promise<T>;
}

/** Begins a run. */
export function newSession(world: World, options: GlobalOptions): Session {
  const { io } = world;
  return {
    ...world,
    options,
    paint: paints(io.colour && options.color && !options.json),
    say: (line) => {
      if (!options.json && (options.format === undefined || options.out !== undefined)) io.out(line);
    },
    note: io.err,
    during: (what, work) => io.during(printable(what), work),
  };
}

/** The world outside of tests. */
export function realWorld(io: Io): World {
  return {
    io,
    config: async () => {
      try {
        const { configPath } = await import('../deploy/config-path.cjs');
        return ((await import(configPath())) as { default: Config }).default;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'NO_CONFIG') {
          throw new NoConfig(error.message);
        }
        throw new Problem(`config.ts cannot be read: ${String(error).split('\n')[0] ?? ''}`);
      }
    },
    catalogue: async () => (await import('../functions/remediators/catalogue')).catalogue,
    registry: async () => (await import('../functions/remediators')).bots,
  };
}

/**
 * The bot of that id or alias.
 *
 * @throws Problem naming the bot that was probably meant.
 */
export async function botNamed(session: Session, name: string): Promise<CatalogueEntry> {
  const catalogue = await session.catalogue();
  const { findBot } = await import('../shared/catalogue');
  const found = findBot(catalogue, name);
  if (found) return found;
  const near = nearest(
    name,
    catalogue.flatMap(({ id, aliases = [] }) => [id, ...aliases]),
  );
  const hint = near === undefined ? 'selfheal bots lists them' : `did you mean ${near}?`;
  throw new Problem(`there is no bot "${name}": ${hint}`);
}

/**
 * Asks for a yes. `--yes` answers; where nobody can be asked, the answer is no.
 *
 * @throws Problem with the exit code of a refusal.
 */
export async function confirm(session: Session, question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  const { io, options } = session;
  if (!io.ask || options.json) {
    throw new Problem(
      'nothing was changed: not confirmed; pass --yes to go on without a question',
      EXIT.refused,
    );
  }
  if (!(await io.ask(printable(question)))) throw new Problem('nothing was changed', EXIT.refused);
}

/** A warning on stderr. */
export function warn({ note, paint }: Session, message: string): void {
  note(text`${paint.yellow(text`warning:`)} ${printable(message)}`);
}
