import { type CatalogueEntry, findBot } from '../shared/catalogue';
import { hasRule } from '../deploy/rules';
import { botLink } from './docs';
import {
  ASR,
  CANONICAL,
  CIS,
  CLOUDBOTS,
  CONFORMITY,
  FSBP,
  FSBP_PROWLER,
  type Standard,
  UNANSWERED,
} from './standards';

/** The bots that answer one control; `partly`: what they leave of it. */
interface Line {
  readonly control: string;
  readonly bots: readonly CatalogueEntry[];
  readonly partly?: string;
}

interface Table {
  readonly standard: Standard;
  /** What stands before its controls where reasons name them: `CIS 3.0 `. */
  readonly prefix?: string;
  readonly lines: readonly Line[];
}

/** docs/coverage.md: per standard, what is detected, fixed, verified and reversible, from the bots' metadata. */
export function coveragePage(entries: readonly CatalogueEntry[]): string {
  const tables = tablesOf(entries);
  return [
    '# Coverage',
    '',
    'Generated from the bots by `npm run generate`.',
    '',
    '- **detected**: `rule` by an AWS Config rule of selfheal’s own, asked at every change or once a day, and by `npx selfheal scan`; `finding` when a source reports it.',
    '- **fixed**: the bot that puts it right; where it answers the control in part, what it leaves.',
    '- **verified**: every bot reads again after its writes, and says `fixed` only when the check that found the fault no longer finds it.',
    '- **reversible**: `npx selfheal undo` brings back the state before; a few bots hold this for some states only, see [bots.md](bots.md).',
    '',
    '| standard | as of | controls | fixed | of these in part | detected by a rule | reversible |',
    '|---|---|---|---|---|---|---|',
    ...tables.map(summary),
    '',
    `Of what CIS itself calls automated: ${automated(entries)}.`,
    '',
    ...tables.flatMap(section),
  ].join('\n');
}

function tablesOf(entries: readonly CatalogueEntry[]): Table[] {
  const bySecurityHub = (control: string) =>
    entries.filter(({ controls }) => controls.securityHub?.includes(control));
  const byConformity = (control: string) =>
    entries.filter(({ controls }) => controls.conformity?.includes(control));
  const named = (name: string) => [findBot(entries, name)].filter((entry) => entry !== undefined);
  const canonical = Object.entries(CANONICAL).map(([number, { what, bots }]) => ({
    control: `${number}. ${what}`,
    bots: bots.flatMap(named),
  }));
  return [
    tableOf(FSBP, bySecurityHub),
    tableOf(FSBP_PROWLER, bySecurityHub),
    ...versions().map(([version, standard]) =>
      tableOf(
        standard,
        (control) => entries.filter(({ controls }) => controls.cis?.[version]?.includes(control)),
        (control, entry) => cisPartly(version, control, entry),
        `CIS ${version} `,
      ),
    ),
    tableOf(ASR, bySecurityHub),
    tableOf(CONFORMITY, byConformity),
    tableOf(CLOUDBOTS, named),
    {
      standard: {
        ...{ title: 'Remediations of the tools before', date: '2026-11' },
        source: 'Defendable Design, CloudBots, Conformity and Servian, merged',
        controls: canonical.map(({ control }) => control),
      },
      lines: canonical,
    },
  ];
}

function versions() {
  return Object.entries(CIS) as [keyof typeof CIS, (typeof CIS)[keyof typeof CIS]][];
}

function tableOf(
  standard: Standard,
  botsFor: (control: string) => readonly CatalogueEntry[],
  partlyFor = (control: string, { controls }: CatalogueEntry) => controls.partly?.[control],
  prefix = '',
): Table {
  const lines = standard.controls.map((control): Line => {
    const bots = botsFor(control);
    const left = bots.map((entry) => partlyFor(control, entry));
    // Another bot that answers it whole, or the rest of it, leaves nothing.
    const [partly] = left.includes(undefined) ? [] : left;
    return { control, bots, ...(partly !== undefined && { partly }) };
  });
  return { standard, lines, prefix };
}

/** Bots name what they leave by version 3.0; the same recommendation has another number in the others. */
function cisPartly(version: keyof typeof CIS, control: string, { controls }: CatalogueEntry) {
  const index = controls.cis?.[version]?.indexOf(control) ?? -1;
  const first = controls.cis?.['3.0']?.[version === '3.0' ? index : Math.min(index, 0)];
  return first === undefined ? undefined : controls.partly?.[`CIS ${first}`];
}

function automated(entries: readonly CatalogueEntry[]): string {
  return versions()
    .map(([version, standard]) => {
      const fixed = standard.automated.filter((control) =>
        entries.some(({ controls }) => controls.cis?.[version]?.includes(control)),
      );
      return `${fixed.length} of ${standard.automated.length} in ${version}`;
    })
    .join(', ');
}

function summary({ standard, lines }: Table): string {
  const fixed = lines.filter(({ bots }) => bots.length > 0);
  const share = Math.round((100 * fixed.length) / lines.length);
  const half = fixed.filter(({ partly }) => partly !== undefined).length;
  const detected = fixed.filter(({ bots }) => bots.some(hasRule)).length;
  const reversible = fixed.filter(({ bots }) => bots.some(isReversible)).length;
  return `| ${standard.title} | ${standard.date} | ${lines.length} | ${fixed.length} (${share} %) | ${half} | ${detected} | ${reversible} |`;
}

function section({ standard, lines, prefix = '' }: Table): string[] {
  const fixed = lines.filter(({ bots }) => bots.length > 0);
  const open = lines.filter(({ bots }) => bots.length === 0).map(({ control }) => control);
  return [
    `## ${standard.title}`,
    '',
    `Source of the ids: ${standard.source}, ${standard.date}.`,
    '',
    '| control | detected | fixed | verified | reversible |',
    '|---|---|---|---|---|',
    ...fixed.map(row),
    '',
    ...(open.length > 0 ? ['Not fixed by any bot, and why:', '', ...reasons(open, prefix), ''] : []),
  ];
}

/** What is not fixed, by the reason why. */
function reasons(open: readonly string[], prefix: string): string[] {
  const known = UNANSWERED.map(({ text, controls }) => ({
    text,
    controls: open.filter((control) => controls.includes(prefix + control)),
  }));
  const rest = open.filter((control) => !known.some(({ controls }) => controls.includes(control)));
  return [...known, { text: 'No bot yet.', controls: rest }]
    .filter(({ controls }) => controls.length > 0)
    .map(({ text, controls }) => `- ${text} ${controls.join(', ')}`);
}

function row({ control, bots, partly }: Line): string {
  const links = bots.map(botLink).join(', ');
  const left = partly === undefined ? '' : `; in part: not ${partly}`;
  const reversible = bots.every(isReversible) ? 'yes' : bots.some(isReversible) ? 'partly' : 'no';
  return `| ${control} | ${detectedBy(bots)} | ${links}${left} | yes | ${reversible} |`;
}

function detectedBy(bots: readonly CatalogueEntry[]): string {
  return bots.some(hasRule) ? 'rule, finding' : 'finding';
}

function isReversible({ permissions: { undo } }: CatalogueEntry): boolean {
  return undo.length > 0;
}
