import type { CatalogueEntry } from '../shared/catalogue';
import { CIS, FSBP } from './standards';

interface List {
  readonly name: string;
  readonly doc: string;
  readonly controls: readonly string[];
  readonly answeredBy: (entry: CatalogueEntry) => readonly string[];
}

const LISTS: readonly List[] = [
  {
    name: 'CIS_5_0',
    doc: 'Every posture bot that answers a recommendation of CIS 5.0.',
    controls: CIS['5.0'].automated,
    answeredBy: ({ controls }) => controls.cis?.['5.0'] ?? [],
  },
  {
    name: 'FSBP',
    doc: 'Every posture bot that answers a control of AWS Foundational Security Best Practices.',
    controls: FSBP.controls,
    answeredBy: ({ controls }) => (controls.securityHub ?? []).filter((id) => FSBP.controls.includes(id)),
  },
];

/**
 * shared/presets/lists.ts: per standard the bots that look for what it asks. What is safe repairs; what may stop
 * something, or cannot be undone, only says what it would do.
 */
export function presetLists(entries: readonly CatalogueEntry[]): string {
  const found = entries.filter(({ kind }) => kind === 'posture');
  const lists = LISTS.map(({ name, doc, controls, answeredBy }) => {
    const bots = found.filter((entry) => answeredBy(entry).length > 0);
    const lines = bots.map(({ id, risk }) => `  ${id}: ${risk === 'safe' ? 'repairs' : 'tells'},`);
    const answered = new Set(entries.flatMap(answeredBy));
    const left = controls.filter((id) => !answered.has(id)).map((id) => `'${id}'`);
    return `/** ${doc} */
export const ${name} = {
${lines.sort().join('\n')}
} as const satisfies Config['bots'];

/** What of it no bot answers. */
export const NOT_IN_${name}: readonly string[] = [${left.join(', ')}];
`;
  });
  return `import type { Config } from '../config';

const repairs = { enabled: true } as const;
const tells = { enabled: true, mode: 'plan' } as const;

${lists.join('\n')}`;
}
