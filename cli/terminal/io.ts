import { createInterface } from 'node:readline/promises';
import pc from 'picocolors';
import { printable, type Printable } from './print';

/** Something that takes its time, or what begins it and tells how far it has come. */
export type Work<T> = Promise<T> | ((tell: (what: string) => void) => Promise<T>);

/** The terminal; tests give their own. */
export interface Io {
  readonly out: (line: Printable) => void;
  readonly err: (line: Printable) => void;
  /** Columns of the terminal, or what a pipe is given. */
  readonly columns: number;
  /** Whether stdout shows colours. */
  readonly colour: boolean;
  /** Whether stdout makes addresses behind words that can be followed. */
  readonly links?: boolean;
  /** Empties the screen; absent where stdout is none. */
  readonly clear?: () => void;
  /** Whether a person reads stdout. */
  readonly isTerminal: boolean;
  /** Asks for a line of text; absent where nobody can answer. */
  readonly question?: (question: Printable) => Promise<string>;
  /** Asks for a yes; absent where nobody can answer. */
  readonly ask?: (question: Printable) => Promise<boolean>;
  /** Shows that something is going on while it is. */
  readonly during: <T>(what: Printable, work: Work<T>) => Promise<T>;
  /** Calls back on Ctrl-C instead of ending; answers with how to stop that. */
  readonly onInterrupt: (handler: () => void) => () => void;
}

const PIPE_COLUMNS = 120;

/** The terminal of this process. */
export function terminal(): Io {
  const { stdin, stdout, stderr } = process;
  // `selfheal history | head` closes the pipe when it has seen enough.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  const columns = Number(process.env.COLUMNS);
  // Undefined, whatever its type says, where the stream is no terminal.
  const { isTTY: isTerminal = false } = stdout as { isTTY?: boolean };
  return {
    out: (line) => stdout.write(`${line}\n`),
    err: (line) => stderr.write(`${line}\n`),
    columns: isTerminal ? stdout.columns : Number.isInteger(columns) && columns > 0 ? columns : PIPE_COLUMNS,
    isTerminal,
    colour: isTerminal && pc.isColorSupported,
    links: isTerminal && showsLinks(process.env),
    ...(isTerminal && { clear: () => stdout.write('\u001b[2J\u001b[3J\u001b[H') }),
    ...(stdin.isTTY && stderr.isTTY && { ask, question }),
    during: stderr.isTTY ? spinning : (_what, work) => begun(work),
    onInterrupt: (handler) => {
      process.on('SIGINT', handler);
      return () => process.off('SIGINT', handler);
    },
  };
}

/** Terminals say who they are; a multiplexer between may drop what it does not know. FORCE_HYPERLINK overrules both. */
export function showsLinks(env: Readonly<Record<string, string | undefined>>): boolean {
  const { FORCE_HYPERLINK: forced, TERM = '', TERM_PROGRAM = '', VTE_VERSION = '0' } = env;
  if (forced !== undefined) return forced !== '0' && forced !== '';
  if (env.CI || env.NO_COLOR || TERM === 'dumb' || /^(screen|tmux)/.test(TERM)) return false;
  return (
    ['iTerm.app', 'WezTerm', 'vscode', 'ghostty', 'zed', 'Hyper', 'rio', 'Tabby'].includes(TERM_PROGRAM) ||
    /^(xterm-(kitty|ghostty)|alacritty|foot)/.test(TERM) ||
    [env.WT_SESSION, env.KONSOLE_VERSION, env.DOMTERM].some(Boolean) ||
    Number(VTE_VERSION) >= 5000
  );
}

async function ask(about: Printable): Promise<boolean> {
  return /^y(es)?$/i.test(await question(`${about} [y/N]` as Printable));
}

async function question(about: Printable): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const closed = new Promise<string>((resolve) => {
      lines.once('close', () => {
        resolve('');
      });
    });
    return (await Promise.race([lines.question(`${about} `), closed])).trim();
  } finally {
    lines.close();
  }
}

/** The work itself, begun where it has not been. */
export function begun<T>(work: Work<T>, tell: (what: string) => void = () => undefined): Promise<T> {
  return typeof work === 'function' ? work(tell) : work;
}

async function spinning<T>(what: Printable, work: Work<T>): Promise<T> {
  const { default: ora } = await import('ora');
  const spinner = ora({ text: printable(what), discardStdin: false }).start();
  try {
    return await begun(work, (progress) => (spinner.text = printable(progress)));
  } finally {
    spinner.stop();
  }
}
