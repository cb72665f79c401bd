import type { Argument, Command, Option } from 'commander';
import { listed } from '../../program/parts';

/** A word that may stand somewhere, and what it is. */
export interface Word {
  readonly word: string;
  readonly says?: string;
}

/** What may stand in one place: words, words of a list that stands in several places, a path, or what nobody knows. */
export type Values =
  | { readonly words: readonly Word[] }
  | { readonly list: string }
  | { readonly path: 'file' | 'folder' }
  | undefined;

/** An option, as it is typed. */
export interface OptionDescribed {
  readonly short?: string;
  readonly long: string;
  readonly says: string;
  readonly takes: 'nothing' | 'a value' | 'perhaps a value';
  /** How it takes several values, where it does: `--bot a,b` or `--bot a b`. Then it may stand several times too. */
  readonly several?: 'with commas' | 'one after the other';
  readonly values: Values;
}

/** An argument of a command. */
export interface ArgumentDescribed {
  readonly name: string;
  readonly isRepeated: boolean;
  readonly values: Values;
}

/** A command, as it is typed. */
export interface CommandDescribed {
  readonly name: string;
  /** Its name and its aliases. */
  readonly names: readonly string[];
  readonly says: string;
  readonly options: readonly OptionDescribed[];
  readonly arguments: readonly ArgumentDescribed[];
}

/** All that can be typed. */
export interface ProgramDescribed {
  readonly commands: readonly CommandDescribed[];
  /** Options that stand before the command too. */
  readonly options: readonly OptionDescribed[];
  /** By the name that the help has for a value: `bot` for `--bot <bot>`. */
  readonly lists: Readonly<Record<string, readonly Word[]>>;
}

/**
 * What can be typed, read from the commands themselves. What is hidden in the help is left out.
 *
 * @param lists what the values of options and arguments may be, by the name that the help has for them
 */
export function described(
  program: Command,
  lists: Readonly<Record<string, readonly Word[]>>,
): ProgramDescribed {
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  const all = { ...lists, command: commands.map((command) => ({ word: command.name() })) };
  const global = program.options.filter(({ hidden }) => !hidden).map(option);
  return {
    options: [...global, ...help.visibleOptions(program).filter(isHelp).map(option)],
    lists: all,
    commands: commands.map((command) => ({
      name: command.name(),
      names: [command.name(), ...command.aliases()],
      says: oneLine(help.subcommandDescription(command)),
      options: [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)]
        .filter(({ long }) => long !== '--version')
        .map(option),
      arguments: command.registeredArguments.map(argument),
    })),
  };

  function option(from: Option): OptionDescribed {
    const { short, long = '', description } = from;
    const taken = /[<[]([\w-]+)/.exec(from.flags)?.[1];
    return {
      ...(short !== undefined && { short }),
      long,
      says: oneLine(description),
      takes: from.required ? 'a value' : from.optional ? 'perhaps a value' : 'nothing',
      ...(from.variadic && { several: 'one after the other' }),
      ...(from.parseArg === (listed as unknown) && { several: 'with commas' }),
      values: taken === undefined ? undefined : values(taken, from.argChoices, from.defaultValue),
    };
  }

  function argument(from: Argument): ArgumentDescribed {
    const name = from.name();
    return { name, isRepeated: from.variadic, values: values(name, from.argChoices, undefined) };
  }

  function values(name: string, choices: readonly string[] | undefined, usual: unknown): Values {
    if (choices) return { words: choices.map((word) => ({ word })) };
    if (Object.hasOwn(all, name)) return { list: name };
    if (/^files?$/.test(name)) return { path: 'file' };
    if (name === 'folder') return { path: 'folder' };
    return typeof usual === 'string' ? { words: [{ word: usual }] } : undefined;
  }
}

function isHelp({ long }: Option): boolean {
  return long === '--help';
}

function oneLine(words: string): string {
  return words.replace(/\s+/g, ' ').trim();
}
