/** Scripts are run by the shells themselves, as far as those are on this machine; bash is. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '../../../functions/remediators/catalogue';
import { newProgram } from '../../program';
import { run } from '../../testing';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
const folder = mkdtempSync(join(tmpdir(), 'selfheal-completion-'));

beforeAll(async () => {
  for (const shell of SHELLS) writeFileSync(script(shell), (await run(['completion', shell])).out);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const kms = catalogue.map(({ id }) => id).filter((id) => id.startsWith('kms'));

/** What is typed, with the cursor at its end, and what it can become. */
const CASES: readonly (readonly [typed: string, becomes: readonly string[]])[] = [
  ['npx selfheal que', ['queue']],
  ['selfheal --stage prod pre', ['presets']],
  ['npx selfheal fix kms', kms],
  ['npx selfheal plan kms', kms],
  ['npx selfheal bots kms', kms],
  ['npx selfheal scan --bot kms', kms],
  ['npx selfheal history --bot kms', kms],
  ['npx selfheal undo --bot kms', kms],
  ['npx selfheal fix kms_enable_rotation ', []],
  ['npx selfheal presets ', ['baseline', 'cis-5.0', 'fsbp']],
  ['npx selfheal --stage ', ['prod']],
  ['npx selfheal queue --sort ', ['account', 'age', 'bot', 'resource', 'severity']],
  ['npx selfheal queue --severity h', ['high', 'high+']],
  ['npx selfheal init --mode ', ['approve', 'auto', 'plan']],
  ['npx selfheal completion ', ['bash', 'fish', 'zsh']],
  ['npx selfheal help que', ['queue']],
  // An alias takes what the command takes; what is hidden in the help is not offered.
  ['npx selfheal check --js', ['--json']],
  ['npx selfheal fix --dry', []],
  ['npx selfheal queue --dea', ['--dead']],
];

test.each(CASES)('bash: %s', (typed, becomes) => {
  expect(inBash(typed.split(' '))).toEqual([...becomes].sort());
});

test('bash completes one after the other, behind commas and behind =, and files', () => {
  expect(inBash(['selfheal', 'scan', '--bot', 'sg_close_ports', 'kms'])).toEqual(kms);
  expect(inBash(['selfheal', 'queue', '--bot', 'sg_close_ports,kms'])).toEqual(
    kms.map((id) => `sg_close_ports,${id}`),
  );
  // So bash hands over --sort=s.
  expect(inBash(['selfheal', 'queue', '--sort', '=', 's'])).toEqual(['severity']);
  writeFileSync(join(folder, 'a finding.json'), '{}');
  expect(inBash(['selfheal', 'explain', join(folder, 'a f')])).toEqual([join(folder, 'a finding.json')]);
});

test('bash leaves other programs behind npx to what completed them before', () => {
  const before = '_other() { COMPREPLY=(theirs); }; complete -o bashdefault -F _other npx';
  expect(inBash(['npx', 'jest', ''], before)).toEqual(['theirs']);
  expect(inBash(['npx', 'selfheal', 'que'], before)).toEqual(['queue']);
  expect(inBash(['npx', 'selfh'])).toEqual(['selfheal']);
});

test('every command and every option of the help is offered', () => {
  const program = newProgram(() => Promise.resolve());
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  expect(inBash(['selfheal', ''])).toEqual(commands.map((command) => command.name()).sort());
  for (const command of commands) {
    const options = [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)]
      .map(({ long }) => long ?? '')
      .filter((long) => long !== '--version');
    expect(inBash(['selfheal', command.name(), '-'])).toEqual([...new Set(options)].sort());
  }
});

const inFish = has('fish') ? test : test.skip;
inFish.each(CASES)('fish: %s', (typed, becomes) => {
  const answered = shell('fish', [
    '--no-config',
    '-c',
    'source $argv[1]; complete -C $argv[2]',
    script('fish'),
    typed,
  ]);
  expect(linesOf(answered).map((line) => line.split('\t')[0])).toEqual([...becomes].sort());
});

const inZsh = has('zsh') ? test : test.skip;
inZsh('zsh reads the script and knows who completes', () => {
  const source = `autoload -Uz compinit; compinit -u -D; source ${script('zsh')}; print $_comps[selfheal] $_comps[npx]`;
  expect(shell('zsh', ['-f', '-c', source])).toBe('_selfheal _selfheal_npx\n');
});

test('a shell that nobody knows is refused with those that are known', async () => {
  const ran = await run(['completion', 'tcsh']);
  expect(ran).toMatchObject({ exit: 2, err: expect.stringContaining('Allowed choices are bash, zsh, fish') });
});

function script(name: string): string {
  return join(folder, `selfheal.${name}`);
}

function has(name: string): boolean {
  return spawnSync(name, ['--version']).status === 0;
}

/** What bash offers for the last word. */
function inBash(words: readonly string[], before = ''): string[] {
  const source = `${before}
    set -u
    source "$1"; shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    completes=$(complete -p "$1"); completes=\${completes##* -F }; "\${completes%% *}" "$1"
    ((\${#COMPREPLY[@]} == 0)) || printf '%s\\n' "\${COMPREPLY[@]}"`;
  return linesOf(shell('bash', ['--norc', '-c', source, 'bash', script('bash'), ...words])).sort();
}

function linesOf(text: string): string[] {
  return text.split('\n').filter(Boolean);
}

/** Runs a shell, which has to find nothing wrong. */
function shell(name: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(name, args, { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}
