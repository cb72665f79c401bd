import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BotPage } from '../shared/bot-page';
import type { CatalogueEntry } from '../shared/catalogue';
import type { Registry } from '../shared/worker/load';
import type { Config } from '../shared/config';
import type { Format } from './export/formats';
import { Problem } from './terminal/errors';
import { some } from '../shared/text';
import { EXIT, type ExitCode } from './terminal/exit-codes';
import type { Io, Work } from './terminal/io';
import { once } from '../shared/once';
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
  /** config.ts as it stands here, unjudged. */
  readonly config: () => Promise<Config>;
  /** The config in another file, unjudged. */
  readonly configIn: (path: string) => Promise<Config>;
  /** The file that it stands in. */
  readonly configFile: () => Promise<{ readonly path: string; readonly text: string }>;
  readonly catalogue: () => Promise<readonly CatalogueEntry[]>;
  readonly registry: () => Promise<Registry>;
  /** What people should know of a bot. */
  readonly pageOf: (bot: CatalogueEntry) => Promise<BotPage>;
}

/** Nobody has written a config.ts yet. */
class NoConfig extends Problem {}

/** What a command comes to: its exit code, and the one document that `--json` prints. */
export interface Result {
  readonly exit: ExitCode;
  readonly document: object;
}

/** One run of the command. */
export interface Session extends World {
  /**
   * The config that the installation was deployed with, for commands that talk to one; config.ts here where nothing is
   * deployed, or where that cannot be told. Warns, once, where the two differ.
   *
   * @throws Problem when config.ts here is wrong.
   */
  readonly config: () => Promise<Config>;
  /**
   * config.ts as it stands here.
   *
   * @throws Problem when it is wrong.
   */
  readonly localConfig: () => Promise<Config>;
  /** config.ts as it stands here, wrong or right. */
  readonly localConfigAsIs: () => Promise<Config>;
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
  const localConfig = once(() => rightConfig(world));
  const session: Session = {
    ...world,
    config: once(() => configInForce(session)),
    localConfig,
    localConfigAsIs: world.config,
    options,
    paint: paints(io.colour && options.color && !options.json),
    say: (line) => {
      if (!options.json && (options.format === undefined || options.out !== undefined)) io.out(line);
    },
    note: io.err,
    during: (what, work) => io.during(printable(what), work),
  };
  return session;
}

async function rightConfig(world: World): Promise<Config> {
  const [config, catalogue] = await Promise.all([exportedConfig(world), world.catalogue()]);
  const { configFaults } = await import('../deploy/check-config');
  const [fault, ...more] = configFaults(config, catalogue);
  if (!fault) return config;
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  throw new Problem(`config.ts is wrong: ${fault.at}: ${fault.says}${others}: see npx selfheal validate`);
}

/**
 * config.ts as it stands here, wrong or right.
 *
 * @throws Problem when it exports none.
 */
export async function exportedConfig({ config }: Pick<World, 'config'>): Promise<Config> {
  const exported: unknown = await config();
  if (typeof exported === 'object' && exported !== null) return exported as Config;
  throw new Problem('config.ts exports no config: it ends with `export default defineConfig({ … })`');
}

async function configInForce(session: Session): Promise<Config> {
  const local = await session.localConfig();
  const { deployedConfig, configDifferences } = await import('./deployed-config');
  const deployed = await deployedConfig(session.options);
  if ('unknown' in deployed) {
    if (deployed.denied !== undefined) {
      warn(
        session,
        `AWS denies ${deployed.denied}: what is said here is by config.ts here, which may not be what is deployed`,
      );
    }
    return local;
  }
  const differences = configDifferences(local, deployed.config);
  if (differences.length > 0) {
    warn(
      session,
      `config.ts here differs from what is deployed, which is what counts: ${some(differences, 3)}`,
    );
  }
  return deployed.config;
}

/** The world outside of tests. */
export function realWorld(io: Io): World {
  return {
    io,
    config: async () => {
      try {
        const { configPath } = await import('../deploy/config-path.cjs');
        const { loadCompiled } = await import('./compiled.cjs');
        return (loadCompiled(configPath()) as { default: Config }).default;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'NO_CONFIG') {
          throw new NoConfig(error.message);
        }
        throw new Problem(`config.ts cannot be read: ${(error as Error).message.split('\n')[0] ?? ''}`);
      }
    },
    configIn: async (path) => {
      const { loadCompiled } = await import('./compiled.cjs');
      return (loadCompiled(path, false) as { default: Config }).default;
    },
    configFile: async () => {
      const { configPath } = await import('../deploy/config-path.cjs');
      const path = configPath();
      return { path, text: await readFile(path, 'utf8') };
    },
    catalogue: async () => (await import('../functions/remediators/catalogue')).catalogue,
    registry: async () => (await import('../functions/remediators')).bots,
    pageOf: async ({ service, id }) => {
      const { readBotPage } = await import('../shared/bot-page');
      return readBotPage(join(__dirname, '../functions/remediators', service), id);
    },
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
  const hint = near === undefined ? 'npx selfheal bots lists them' : `did you mean ${near}?`;
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

/** config.ts for commands that can do without: a warning, and nothing enabled, where there is none or it is wrong. */
export async function configIfRight(session: Session): Promise<Config> {
  try {
    return await session.localConfig();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const shown = error instanceof NoConfig ? '' : ': all bots are shown as not enabled';
    warn(session, `${error.message}${shown}`);
    return { enable_auto_response: false, bots: {} };
  }
}

/** A warning on stderr. */
export function warn({ note, paint }: Session, message: string): void {
  note(text`${paint.yellow(text`warning:`)} ${printable(message)}`);
}
