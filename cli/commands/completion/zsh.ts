import type { CommandDescribed, OptionDescribed, ProgramDescribed, Values } from './described';

/** The completion for zsh, by its own `_arguments`. */
export function zshScript({ commands, options, lists }: ProgramDescribed): string {
  return `#compdef selfheal
${Object.entries(lists)
  .map(
    ([name, words]) => `
_selfheal_${name}() {
  local -a words_of_list
  words_of_list=(
${words.map(({ word, says }) => `    ${quoted(pair(word, says))}`).join('\n')}
  )
  compset -P '*,'
  _describe -t ${name} ${name} words_of_list
}`,
  )
  .join('\n')}

_selfheal_commands() {
  local -a commands
  commands=(
${commands.map(({ name, says }) => `    ${quoted(pair(name, says))}`).join('\n')}
  )
  _describe -t commands command commands
}

_selfheal() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C ${options.flatMap(optionSpecs).join(' ')} '(-): :->command' '(-)*:: :->rest'
  case $state in
    command) _selfheal_commands ;;
    rest)
      case $words[1] in
${commands.map(commandCase).join('\n')}
      esac
      ;;
  esac
}

# Behind npx. What completed npx before goes on to complete other programs.
_selfheal_npx() {
  local at=2
  while (( at < CURRENT )) && [[ $words[at] == -* ]]; do (( at++ )); done
  if (( at < CURRENT )) && [[ $words[at] == selfheal ]]; then
    shift $(( at - 1 )) words
    (( CURRENT -= at - 1 ))
    _selfheal
  elif [[ -n $_selfheal_npx_before ]]; then
    $_selfheal_npx_before "$@"
  else
    compadd selfheal
    _default
  fi
}

(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
if [[ -n \${_comps[npx]-} && $_comps[npx] != _selfheal_npx ]]; then
  typeset -g _selfheal_npx_before=$_comps[npx]
fi
compdef _selfheal selfheal
compdef _selfheal_npx npx
`;
}

function commandCase({ names, options, arguments: places }: CommandDescribed): string {
  const specs = [
    ...options.flatMap(optionSpecs),
    ...places.map(({ name, isRepeated, values }) =>
      quoted(`${isRepeated ? '*' : ''}:${name}:${actionOf(values)}`),
    ),
  ];
  return `        ${names.join('|')}) _arguments \\\n${specs.map((spec) => `          ${spec}`).join(' \\\n')} ;;`;
}

function optionSpecs({ short, long, says, takes, several, values }: OptionDescribed): string[] {
  const names = [long, ...(short === undefined ? [] : [short])];
  const again = several === undefined ? `(${names.join(' ')})` : '*';
  const value = takes === 'nothing' ? '' : `${takes === 'a value' ? ':' : '::'}value:${actionOf(values)}`;
  return names.map((name) => {
    const equals = takes !== 'nothing' && name.startsWith('--') ? '=' : '';
    return quoted(`${again}${name}${equals}[${says.replace(/[\\[\]:]/g, '\\$&')}]${value}`);
  });
}

function actionOf(values: Values): string {
  if (values === undefined) return ' ';
  if ('path' in values) return values.path === 'file' ? '_files' : '_files -/';
  if ('list' in values) return `_selfheal_${values.list}`;
  return `(${values.words.map(({ word }) => word).join(' ')})`;
}

/** As `_describe` reads it: a colon parts a word from what it is. */
function pair(word: string, says = ''): string {
  const escaped = word.replace(/[\\:]/g, '\\$&');
  return says === '' ? escaped : `${escaped}:${says}`;
}

function quoted(words: string): string {
  return `'${words.replaceAll("'", "'\\''")}'`;
}
