import type { CatalogueEntry } from '../shared/catalogue';
import type { Config } from '../shared/config';
import { type Remediation, remediationSchema } from '../shared/worker/message';
import type { World } from './world';

/** A bot as the catalogue knows it, for tests of what only routes. It takes `days`, `ports`, `name` and `verbose`. */
export function entry(id: string, changes: Partial<CatalogueEntry> = {}): CatalogueEntry {
  return {
    id,
    service: 'kms',
    title: `Test ${id}`,
    resource: 'AWS::KMS::Key',
    severity: 'low',
    risk: 'safe',
    kind: 'posture',
    passes: 1,
    words: { order: ['days', 'name', 'ports'], names: { NumberOfDays: 'days' } },
    params: {
      type: 'object',
      properties: {
        days: { type: 'integer', minimum: 1, maximum: 400, default: 30 },
        name: { type: 'string', default: 'none' },
        verbose: { type: 'boolean', default: false },
        ports: { type: 'array', items: { type: 'integer', minimum: 0 }, default: [22] },
      },
    },
    permissions: { read: [], write: [], undo: [] },
    controls: {},
    from: { days: 'finding', name: 'finding', verbose: 'finding', ports: 'finding' },
    ...changes,
  };
}

/** A config that enables these bots, whether they exist or not. */
export function enabling(...ids: string[]): Config {
  const bots = Object.fromEntries(ids.map((id) => [id, { enabled: true }]));
  return { enable_auto_response: true, bots };
}

let findings = 0;

/** A remediation for a key of the world's account; every one is a finding of its own. */
export function asks({ account }: World, id: string, extra: Partial<Remediation> = {}): Remediation {
  return remediationSchema.parse({
    version: 1,
    bot: 'rotate',
    target: { account: account.account, region: account.region, type: 'AWS::KMS::Key', id },
    finding: { source: 'test', id: `finding-${++findings}`, time: '2026-11-21T10:00:00Z' },
    ...extra,
  });
}
