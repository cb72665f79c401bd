import type { CommandDescribed, OptionDescribed, ProgramDescribed, Values, Word } from './described';

/** The completion for bash, 3.2 or newer: macOS has that. */
export function bashScript({ commands, options, lists }: ProgramDescribed): string {
  const everywhere = { names: ['*'], options };
  return `${Object.entries(lists)
    .map(([name, words]) => `_selfheal_${name}_list=${quoted(words)}`)
    .join('\n')}

# What follows an option ($2) of a command ($1): sets kind, words and several.
_selfheal_value() {
  kind= words= several=
  case "$1 $2" in
${[...commands, everywhere].flatMap(valueCases).join('\n')}
  esac
}

# What stands at a place ($2, from 0) behind a command ($1): sets kind and words.
_selfheal_argument() {
  kind= words=
  case "$1 $2" in
${commands.flatMap(argumentCases).join('\n')}
  esac
}

# The options of a command: sets words.
_selfheal_options() {
  case "$1" in
${[...commands, everywhere].map(({ names, options: own }) => `    ${names.join(' | ')}) words='${flags(own)}' ;;`).join('\n')}
  esac
}

# $1: at which word selfheal stands.
_selfheal_complete() {
  local cur=\${COMP_WORDS[COMP_CWORD]} IFS=$' \\t\\n'
  local i word rest prefix command= place=0 open= kind= words= several=
  COMPREPLY=()
  for ((i = $1 + 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $word == = ]]; then
      # bash takes --bot=x for three words.
      continue
    elif [[ $word == -* ]]; then
      _selfheal_value "$command" "$word"
      open=$kind
    elif [[ -n $open ]]; then
      [[ $several == next ]] || open=
    elif [[ -z $command ]]; then
      command=$word
    else
      place=$((place + 1))
    fi
  done
  [[ $cur != = ]] || cur=
  if [[ $cur == -* ]]; then
    kind=words several=
    _selfheal_options "$command"
  elif [[ -n $open ]]; then
    kind=$open
  elif [[ -z $command ]]; then
    kind=words several=
    words='${commands.map(({ name }) => name).join(' ')}'
  else
    several=
    _selfheal_argument "$command" "$place"
  fi
  case $kind in
    words)
      rest=$cur prefix=
      if [[ $several == comma ]]; then
        rest=\${cur##*,}
        prefix=\${cur%"$rest"}
      fi
      COMPREPLY=($(compgen -P "$prefix" -W "$words" -- "$rest"))
      ;;
    file | folder)
      IFS=$'\\n'
      word=-f
      [[ $kind == file ]] || word=-d
      COMPREPLY=($(compgen "$word" -- "$cur"))
      compopt -o filenames 2>/dev/null
      ;;
  esac
}

_selfheal() {
  _selfheal_complete 0
}

# Behind npx. What completed npx before goes on to complete other programs.
_selfheal_npx() {
  local i=1
  while ((i < COMP_CWORD)) && [[ \${COMP_WORDS[i]} == -* ]]; do i=$((i + 1)); done
  if ((i < COMP_CWORD)) && [[ \${COMP_WORDS[i]} == selfheal ]]; then
    _selfheal_complete "$i"
  elif [[ -n \${_selfheal_npx_before-} ]]; then
    "$_selfheal_npx_before" "$@"
  else
    COMPREPLY=($(compgen -W selfheal -- "\${COMP_WORDS[COMP_CWORD]}"))
  fi
}

_selfheal_npx_now=$(complete -p npx 2>/dev/null)
if [[ $_selfheal_npx_now == *' -F '* && $_selfheal_npx_now != *_selfheal_npx* ]]; then
  _selfheal_npx_before=\${_selfheal_npx_now##* -F }
  _selfheal_npx_before=\${_selfheal_npx_before%% *}
fi
unset _selfheal_npx_now
complete -F _selfheal selfheal
complete -o default -F _selfheal_npx npx
`;
}

function valueCases({ names, options }: Pick<CommandDescribed, 'names' | 'options'>): string[] {
  return options
    .filter(({ takes }) => takes !== 'nothing')
    .map(({ short, long, values, several }) => {
      const flag = [long, ...(short === undefined ? [] : [short])];
      const typed = names.flatMap((name) =>
        flag.map((each) => `${name === '*' ? '*' : `'${name}'`}' ${each}'`),
      );
      const repeats = several === undefined ? '' : ` several=${several === 'with commas' ? 'comma' : 'next'}`;
      return `    ${typed.join(' | ')}) ${kindOf(values)}${repeats} ;;`;
    });
}

function argumentCases({ names, arguments: places }: CommandDescribed): string[] {
  return places
    .map((place, index) => ({ ...place, index }))
    .filter(({ values }) => values !== undefined)
    .map(({ values, isRepeated, index }) => {
      const typed = names.map((name) => (isRepeated ? `'${name} '*` : `'${name} ${index}'`));
      return `    ${typed.join(' | ')}) ${kindOf(values)} ;;`;
    });
}

function kindOf(values: Values): string {
  if (values === undefined) return 'kind=any';
  if ('path' in values) return `kind=${values.path}`;
  return `kind=words words=${'list' in values ? `$_selfheal_${values.list}_list` : quoted(values.words)}`;
}

function quoted(words: readonly Word[]): string {
  return `'${words.map(({ word }) => word).join(' ')}'`;
}

function flags(options: readonly OptionDescribed[]): string {
  return options.map(({ long }) => long).join(' ');
}
