import { createHash } from 'node:crypto';
import type { Log, ReportingDescriptor, Result } from 'sarif';
import type { Severity } from '../../shared/bot/bot';
import type { CatalogueEntry } from '../../shared/catalogue';
import { resourceKey } from '../../shared/resources/target';
import { type Exported, arnOf, changeLines } from './record';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

const LEVELS = { critical: 'error', high: 'error', medium: 'warning', low: 'note' } as const;

/** As GitHub's code scanning orders by it, of 10. */
const SCORES: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
};

/**
 * Rows as one run in the Static Analysis Results Interchange Format, 2.1.0. A bot is a rule; a resource is a logical
 * location, named by its ARN.
 */
export function sarifOf(
  rows: readonly Exported[],
  catalogue: readonly CatalogueEntry[],
  { command, version }: { readonly command: string; readonly version: string },
): Log {
  const ids = [...new Set(rows.map(({ bot }) => bot))];
  const entries = new Map(catalogue.map((entry) => [entry.id, entry]));
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'selfheal',
            version,
            semanticVersion: version,
            rules: ids.map((id) => ruleOf(id, entries.get(id))),
          },
        },
        automationDetails: { id: `selfheal/${command}/` },
        columnKind: 'utf16CodeUnits',
        results: rows.map((row) => resultOf(row, ids.indexOf(row.bot))),
      },
    ],
  };
}

function ruleOf(id: string, entry: CatalogueEntry | undefined): ReportingDescriptor {
  const severity = entry?.severity ?? 'low';
  const title = entry?.title ?? id;
  return {
    id,
    shortDescription: { text: title },
    help: {
      text: `npx selfheal bots ${id} shows why it matters, what the repair changes and how it is undone.`,
    },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: ['security', ...(entry?.service === undefined ? [] : [entry.service])],
      'security-severity': SCORES[severity],
    },
  };
}

function resultOf(row: Exported, ruleIndex: number): Result {
  const { id, bot, severity, target, violation, status, standing, calls, finding, by } = row;
  const changes = changeLines(row);
  return {
    ruleId: bot,
    ruleIndex,
    kind: 'fail',
    level: LEVELS[severity],
    message: { text: `${violation ?? bot}: ${standing}` },
    locations: [
      { logicalLocations: [{ name: target.id, fullyQualifiedName: arnOf(target), kind: 'resource' }] },
    ],
    partialFingerprints: {
      'botAndResource/v1': createHash('sha256')
        .update(`${bot} ${resourceKey(target)}`)
        .digest('hex'),
    },
    // A fault that was repaired was there before this run, and is no more.
    ...(status === 'settled' && { baselineState: 'absent' as const }),
    ...(status === 'exempt' && {
      suppressions: [{ kind: 'external' as const, status: 'accepted' as const, justification: standing }],
    }),
    properties: {
      id,
      ...{ account: target.account, region: target.region, type: target.type, source: finding.source },
      ...(changes.length > 0 && { changes }),
      ...(calls.length > 0 && { calls: calls.map(({ action, input }) => ({ action, input })) }),
      ...(by !== undefined && { by }),
    },
  };
}
