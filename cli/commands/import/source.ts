import type { Config } from '../../../shared/config';
import { fieldName, laidOut } from '../../config-text';
import { printable } from '../../terminal/print';
import { wrapped } from '../../terminal/table';
import { type Migration, type Move, grouped } from './migration';

/** The width of comments; names that are no more than this are all said. */
const WIDTH = 110;
const MOST_NAMES = 12;

/** The text of config.ts: what came over, with what differs above it, and what did not at the end. */
export function sourceOf({ config, moves, notes }: Migration, tool: string): string {
  const left = moves.filter(({ how }) => how === 'left');
  const lines = [
    `import { defineConfig } from 'selfheal';`,
    '',
    '/**',
    ` * Written by \`npx selfheal import ${tool}\`; \`npx selfheal validate\` says what it would deploy.`,
    ...(left.length > 0 ? [' * What has no counterpart stands at the end.'] : []),
    ' */',
    'export default defineConfig({',
    ...Object.entries(config).flatMap(([name, value], index) => [
      ...(index === 0 ? [] : ['']),
      ...fieldOf(name as keyof Config, value),
    ]),
    '});',
    ...(left.length > 0
      ? ['', '// No counterpart:', ...spoken(left).flatMap((line) => comment(line, 0, '- '))]
      : []),
  ];
  return `${lines.join('\n')}\n`;

  function fieldOf(name: keyof Config, value: unknown): string[] {
    const about = moves.filter(
      ({ how, to }) => how !== 'left' && (to === name || to?.startsWith(`${name}.`)),
    );
    const above = [...(HEADS[name] ?? []), ...spoken(about), ...(notes[name] ?? [])].flatMap((line) =>
      comment(line, 2),
    );
    if (name !== 'bots') return [...above, `  ${name}: ${laidOut(value, 2, name.length + 3)},`];
    const bots = Object.entries(value as object).flatMap(([id, settings]) => [
      ...spoken(moves.filter(({ to }) => to === id)).flatMap((line) => comment(line, 4)),
      `    ${fieldName(id)}: ${laidOut(settings, 4, id.length + 3)},`,
    ]);
    return [...above, '  bots: {', ...bots, '  },'];
  }
}

const HEADS: Partial<Record<keyof Config, readonly string[]>> = {
  enable_auto_response: [
    'Off, whatever it was there: findings wait in the queue; `npx selfheal queue` shows what would be done.',
  ],
  slack: ['Where the URL of the webhook is kept; it stands in no template.'],
};

/** `S3-001, S3-002: what differs.`, one for each thing that is said. */
function spoken(moves: readonly Move[]): string[] {
  return [...grouped(moves, ({ says = '' }) => says)].map(([says, group]) => {
    const names = namesText(group.map(({ from }) => from));
    return says === '' ? names : `${names}: ${says}`;
  });
}

/** Names with commas; of many, how many more there are. */
export function namesText(names: readonly string[]): string {
  const different = [...new Set(names)];
  const rest = different.length - MOST_NAMES;
  return rest > 1
    ? `${different.slice(0, MOST_NAMES).join(', ')} and ${rest} more (--json has them all)`
    : different.join(', ');
}

/** A comment as wide as lines are; a character that would end it is none of its own. */
function comment(line: string, indent: number, bullet = ''): string[] {
  const room = WIDTH - indent - 3 - bullet.length;
  return wrapped(printable(line), room).map(
    (part, index) => `${' '.repeat(indent)}// ${index === 0 ? bullet : ' '.repeat(bullet.length)}${part}`,
  );
}
