/** Commands in what selfheal says, wherever it says it: they can be copied, and they are there. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { newProgram } from './program';

const ROOT = join(__dirname, '..');
const program = newProgram(() => Promise.resolve());
const commands = new Map(
  program.commands.flatMap((command) =>
    [command.name(), ...command.aliases()].map((name) => [name, command]),
  ),
);
const names = [...commands.keys(), 'help'].join('|');

/** A command in a sentence, with what stands before it and what follows up to the end of the phrase. */
const NAMED = new RegExp(String.raw`(\S*\s)?\bselfheal (${names})\b(?![-\w])([^;:,.…)\n\`'"|]*)`, 'g');

/** What has a name of a command in it and is none; `selfheal fix by` is a title, by which the journal's entries are found. */
const NO_COMMAND = /^selfheal (on the finding of|on local AWS|review -->|fix by)/;

const said = sources().flatMap(wordsOf);

test('what selfheal says is found in literals, templates and pages, and not in comments', () => {
  const source = [
    '/** selfheal queue */',
    'const a = `see selfheal queue --dead ${b} there`; // selfheal plan',
    "const c = <p>selfheal history {d} 'shows'</p>;",
    "report('selfheal undo');",
  ].join('\n');
  expect(literalsOf('a.tsx', source)).toEqual([
    'see selfheal queue --dead … there',
    "selfheal history … 'shows'",
    'selfheal undo',
  ]);
  expect(faultsIn('see selfheal queue')).toEqual(['selfheal queue: without npx']);
  expect(faultsIn('see npx selfheal queue --deadd, or npx selfheal plan <bot>')).toEqual([
    'selfheal queue: no option --deadd',
  ]);
  expect(faultsIn('npx serverless deploy')).toEqual(['npx selfheal deploy does that']);
});

test('each command that selfheal names can be copied as it stands, with options that it has', () => {
  expect(said.filter(({ text }) => text.includes('npx selfheal')).length).toBeGreaterThan(50);
  const faults = said.flatMap(({ where, text }) =>
    faultsIn(text).map((fault) => `${where}: ${fault}: ${text}`),
  );
  expect(faults).toEqual([]);
});

test('the command line has one word for what bots do: repair', () => {
  const others = said.filter(
    ({ where, text }) => where.startsWith('cli/') && /\b(mends|mended|mending)\b|\bmend \w/.test(text),
  );
  expect(others).toEqual([]);
});

test('the help of each command names commands that can be copied', () => {
  for (const command of [program, ...program.commands]) {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 1000 }).outputHelp();
    expect({ command: command.name(), faults: faultsIn(help) }).toEqual({
      command: command.name(),
      faults: [],
    });
  }
});

function faultsIn(text: string): string[] {
  const faults = [...text.matchAll(NAMED)].flatMap(([all, before = '', name = '', rest = '']) => {
    const phrase = all.slice(before.length);
    if (NO_COMMAND.test(phrase)) return [];
    if (!/(^|\W)npx\s$/.test(before)) return [`selfheal ${name}: without npx`];
    const known = [...(commands.get(name)?.options ?? []), ...program.options].map(({ long }) => long);
    return (rest.match(/--[a-z][-a-z]*/g) ?? [])
      .filter((option) => !known.includes(option))
      .map((option) => `selfheal ${name}: no option ${option}`);
  });
  return /npx serverless\b/.test(text) ? [...faults, 'npx selfheal deploy does that'] : faults;
}

interface Said {
  readonly where: string;
  readonly text: string;
}

/** What people are told by: sources that are deployed, and those that run on their machine. */
function sources(): string[] {
  const listed = execFileSync('git', ['ls-files', 'cli', 'functions', 'shared', 'deploy', 'local'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return (
    listed
      .split('\n')
      .filter(
        (file) =>
          /\.([cm]?tsx?|[cm]js|yml|md)$/.test(file) &&
          !/\.test\.ts$|testing[^/]*\.ts$|\/fixtures\//.test(file),
      )
      // Examples of the help stand there without npx, which is put before all of them in one place.
      .filter((file) => !file.startsWith('cli/program'))
  );
}

function wordsOf(file: string): Said[] {
  const source = readFileSync(join(ROOT, file), 'utf8');
  if (!/selfheal [a-z]|npx serverless|\bmend/.test(source)) return [];
  const texts = /\.(yml|md)$/.test(file)
    ? source.split('\n').map((line) => line.replace(/(^|\s)#.*/, ''))
    : literalsOf(file, source);
  return texts.map((text) => ({ where: file, text }));
}

/** Texts of a source, with … for what is put into them. */
function literalsOf(file: string, source: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJsxElement(node)) {
      const text = node.children.map((child) => (ts.isJsxText(child) ? child.text : '…')).join('');
      found.push(text.replace(/\s+/g, ' ').trim());
    } else if (ts.isTemplateExpression(node)) {
      found.push(node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join(''));
    } else if (ts.isStringLiteralLike(node)) {
      found.push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true));
  return found.filter((text) => text !== '');
}
