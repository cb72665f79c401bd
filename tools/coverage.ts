import { RULES } from '../functions/findings/sources/conformity';
import { type CatalogueEntry, findBot } from '../shared/catalogue';
import { hasRule } from '../deploy/rules';
import { CIS, CLOUDBOTS, FSBP, type Standard } from './standards';

const CONFORMITY: Standard = {
  title: 'Cloud Conformity, rules with auto-remediation',
  source: 'Conformity’s knowledge base',
  controls: [...RULES.keys()],
};

/** The bots that answer one control. */
interface Line {
  readonly control: string;
  readonly bots: readonly CatalogueEntry[];
}

/** docs/coverage.md: per standard, what is detected, fixed, verified and reversible, from the bots' metadata. */
export function coveragePage(entries: readonly CatalogueEntry[]): string {
  const answering = (standard: 'securityHub' | 'cis' | 'conformity') => (control: string) =>
    entries.filter(({ controls }) => controls[standard]?.includes(control));
  const byName = (name: string) => [findBot(entries, name)].filter((entry) => entry !== undefined);
  const tables = [
    { standard: FSBP, lines: linesOf(FSBP, answering('securityHub')) },
    { standard: CIS, lines: linesOf(CIS, answering('cis')) },
    { standard: CONFORMITY, lines: linesOf(CONFORMITY, answering('conformity')) },
    { standard: CLOUDBOTS, lines: linesOf(CLOUDBOTS, byName) },
  ];
  return [
    '# Coverage',
    '',
    'Generated from the bots by `npm run generate`.',
    '',
    '- **detected**: `rule` by an AWS Config rule of selfheal’s own and by `npx selfheal scan`; `scan` by the latter alone, since AWS Config does not record the type; `finding` when a source reports it.',
    '- **fixed**: the bot that puts it right.',
    '- **verified**: every bot reads again after its writes, and says `fixed` only when the check that found the fault no longer finds it.',
    '- **reversible**: `npx selfheal undo` brings back the state before; a few bots hold this for some states only, see [bots.md](bots.md).',
    '',
    '| standard | controls | fixed | of these detected by a rule | reversible |',
    '|---|---|---|---|---|',
    ...tables.map(summary),
    '',
    ...tables.flatMap(section),
  ].join('\n');
}

function linesOf({ controls }: Standard, botsFor: (control: string) => readonly CatalogueEntry[]): Line[] {
  return controls.map((control) => ({ control, bots: botsFor(control) }));
}

function summary({ standard, lines }: { readonly standard: Standard; readonly lines: readonly Line[] }) {
  const fixed = lines.filter(({ bots }) => bots.length > 0);
  const share = Math.round((100 * fixed.length) / lines.length);
  const detected = fixed.filter(({ bots }) => bots.some(hasRule)).length;
  const reversible = fixed.filter(({ bots }) => bots.some(isReversible)).length;
  return `| ${standard.title} | ${lines.length} | ${fixed.length} (${share} %) | ${detected} | ${reversible} |`;
}

function section({ standard, lines }: { readonly standard: Standard; readonly lines: readonly Line[] }) {
  const fixed = lines.filter(({ bots }) => bots.length > 0);
  const open = lines.filter(({ bots }) => bots.length === 0).map(({ control }) => control);
  return [
    `## ${standard.title}`,
    '',
    `Source of the ids: ${standard.source}.`,
    '',
    '| control | detected | fixed | verified | reversible |',
    '|---|---|---|---|---|',
    ...fixed.map(
      ({ control, bots }) =>
        `| ${control} | ${detectedBy(bots)} | ${bots
          .map(({ id }) => `[${id}](bots.md#${id})`)
          .join(
            ', ',
          )} | yes | ${bots.every(isReversible) ? 'yes' : bots.some(isReversible) ? 'partly' : 'no'} |`,
    ),
    '',
    ...(open.length > 0 ? [`No bot yet: ${open.join(', ')}.`, ''] : []),
  ];
}

function detectedBy(bots: readonly CatalogueEntry[]): string {
  if (bots.some(hasRule)) return 'rule, finding';
  return bots.some(({ kind }) => kind === 'posture') ? 'scan, finding' : 'finding';
}

function isReversible({ permissions: { undo } }: CatalogueEntry): boolean {
  return undo.length > 0;
}
