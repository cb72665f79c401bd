import type { CommandDescribed, OptionDescribed, ProgramDescribed, Values, Word } from './described';

/** The completion for fish, 3.1 or newer. */
export function fishScript({ commands, options, lists }: ProgramDescribed): string {
  const valued = [...options, ...commands.flatMap((command) => command.options)]
    .filter(({ takes }) => takes !== 'nothing')
    .flatMap(({ short, long }) => (short === undefined ? [long] : [long, short]));
  return `${Object.entries(lists)
    .map(([name, words]) => `function __selfheal_${name}\n    ${printed(words)}\nend`)
    .join('\n')}

# The command that is being typed, and the arguments behind it: no options, and nothing that belongs to them.
function __selfheal_typed
    set -l words (commandline -opc)
    set -e words[1]
    set -l skip 0
    for word in $words
        if test $skip = 1
            set skip 0
        else if contains -- $word ${[...new Set(valued)].join(' ')}
            set skip 1
        else if not string match -q -- '-*' $word
            echo $word
        end
    end
end

function __selfheal_no_command
    test (count (__selfheal_typed)) = 0
end

function __selfheal_in
    set -l typed (__selfheal_typed)
    test (count $typed) -gt 0; and contains -- $typed[1] $argv
end

# $argv[1]: how many arguments stand there already, $argv[2]: how many at most; then names of the command.
function __selfheal_at
    set -l typed (__selfheal_typed)
    set -l count (math (count $typed) - 1)
    test $count -ge $argv[1] -a $count -le $argv[2]; and contains -- $typed[1] $argv[3..-1]
end

complete -c selfheal -f
${options.map((option) => optionLine(option, '__selfheal_no_command')).join('\n')}
${commands.map(({ name, says }) => `complete -c selfheal -n __selfheal_no_command -a ${name} -d ${quoted(says)}`).join('\n')}
${commands.flatMap(commandLines).join('\n')}

# Behind npx.
function __selfheal_by_npx
    set -l words (commandline -opc)
    test (count $words) -gt 1; and test $words[2] = selfheal
end

function __selfheal_behind_npx
    set -l words (commandline -opc)
    complete -C (string join ' ' -- (string escape -- $words[2..-1]) (commandline -ct))
end

complete -c npx -n '__fish_is_first_arg' -a selfheal
complete -c npx -n __selfheal_by_npx -f -a '(__selfheal_behind_npx)'
`;
}

function commandLines({ names, options, arguments: places }: CommandDescribed): string[] {
  const within = `__selfheal_in ${names.join(' ')}`;
  return [
    ...options.map((option) => optionLine(option, within)),
    ...places.flatMap(({ isRepeated, values }, index) => {
      const given = valuesOf(values);
      const at = `__selfheal_at ${index} ${isRepeated ? 99 : index} ${names.join(' ')}`;
      return given === '' ? [] : [`complete -c selfheal -n ${quoted(at)} ${given}`];
    }),
  ];
}

function optionLine({ short, long, says, takes, values }: OptionDescribed, condition: string): string {
  const shortly = short === undefined ? '' : ` -s ${short.slice(1)}`;
  const given = takes === 'nothing' ? '' : ` ${takes === 'a value' ? '-r ' : ''}${valuesOf(values)}`;
  return `complete -c selfheal -n ${quoted(condition)}${shortly} -l ${long.slice(2)} -d ${quoted(says)}${given}`.trimEnd();
}

function valuesOf(values: Values): string {
  if (values === undefined) return '';
  if ('path' in values) return values.path === 'file' ? '-F' : "-f -a '(__fish_complete_directories)'";
  return `-f -a ${quoted('list' in values ? `(__selfheal_${values.list})` : values.words.map(({ word }) => word).join(' '))}`;
}

/** What `complete -a (…)` reads: a line a word, and behind a tab what it is. */
function printed(words: readonly Word[]): string {
  return `printf '%s\\t%s\\n' ${words.map(({ word, says = '' }) => `${quoted(word)} ${quoted(says)}`).join(' ')}`;
}

function quoted(words: string): string {
  return `'${words.replace(/[\\']/g, '\\$&')}'`;
}
