import type { CatalogueEntry } from '../../shared/catalogue';
import { partitionOf } from '../../shared/resources/target';
import { PRODUCT } from './own';
import { type Exported, arnOf, changeLines } from './record';

/** The version of the schema that is spoken. Source: schema.ocsf.io/1.5.0, classes compliance_finding, detection_finding. */
const VERSION = '1.5.0';
const CLASSES = {
  posture: { class_uid: 2003, class_name: 'Compliance Finding' },
  response: { class_uid: 2004, class_name: 'Detection Finding' },
} as const;

const SEVERITY_IDS = { low: 2, medium: 3, high: 4, critical: 5 } as const;

/** By status: what the finding does, how it stands, and what the check comes to. */
const STATES = {
  open: { activity: [1, 'Create'], status: [1, 'New'], compliance: [3, 'Fail'] },
  exempt: { activity: [2, 'Update'], status: [3, 'Suppressed'], compliance: [3, 'Fail'] },
  settled: { activity: [3, 'Close'], status: [4, 'Resolved'], compliance: [1, 'Pass'] },
} as const;

/** Rows as findings of the Open Cybersecurity Schema Framework, as Prowler and Security Hub speak it: a list. */
export function ocsfOf(
  rows: readonly Exported[],
  catalogue: readonly CatalogueEntry[],
  productVersion: string,
): object[] {
  const entries = new Map(catalogue.map((entry) => [entry.id, entry]));
  return rows.map((row) => findingOf(row, entries.get(row.bot), productVersion));
}

function findingOf(row: Exported, entry: CatalogueEntry | undefined, productVersion: string): object {
  const { id, bot, severity, target, atMs, violation, status, standing, calls, params, finding } = row;
  const { activity, status: state, compliance } = STATES[status];
  const isPosture = entry?.kind !== 'response';
  const ofClass = CLASSES[isPosture ? 'posture' : 'response'];
  const title = entry?.title ?? bot;
  const controls = controlsOf(entry);
  const found = Date.parse(finding.time);
  return {
    message: violation ?? title,
    ...{ activity_id: activity[0], activity_name: activity[1] },
    ...{ category_uid: 2, category_name: 'Findings', ...ofClass },
    type_uid: ofClass.class_uid * 100 + activity[0],
    type_name: `${ofClass.class_name}: ${activity[1]}`,
    ...{ severity_id: SEVERITY_IDS[severity], severity: capitalized(severity) },
    ...{
      status_id: state[0],
      status: state[1],
      status_code: compliance[1].toUpperCase(),
      status_detail: standing,
    },
    ...{ time: atMs, time_dt: new Date(atMs).toISOString() },
    metadata: {
      version: VERSION,
      event_code: bot,
      profiles: ['cloud', 'datetime'],
      product: { name: PRODUCT, uid: PRODUCT, vendor_name: PRODUCT, version: productVersion },
    },
    finding_info: {
      uid: id,
      title,
      desc: violation ?? title,
      types: [isPosture ? 'Software and Configuration Checks' : 'TTPs'],
      ...{ created_time: found, created_time_dt: new Date(found).toISOString() },
      ...{ modified_time: found, modified_time_dt: new Date(found).toISOString() },
      related_events: [{ uid: finding.id, type: finding.source }],
    },
    ...(isPosture && {
      compliance: {
        control: bot,
        requirements: controls,
        standards: standardsOf(entry),
        ...{ status_id: compliance[0], status: compliance[1] },
      },
    }),
    cloud: {
      provider: 'AWS',
      region: target.region,
      account: { uid: target.account, type: 'AWS Account', type_id: 10 },
    },
    resources: [
      {
        uid: arnOf(target),
        name: target.id,
        type: target.type,
        region: target.region,
        cloud_partition: partitionOf(target.region),
        owner: { account: { uid: target.account } },
      },
    ],
    remediation: {
      desc:
        calls.length > 0
          ? [
              ...changeLines(row),
              ...calls.map(({ action, input }) => `${action} ${JSON.stringify(input)}`),
            ].join('\n')
          : standing,
      references: [`npx selfheal bots ${bot}`],
    },
    // What the schema has no place for: by it our own ingest asks for the very same again.
    unmapped: { selfheal: { bot, target, params, source: finding.source, finding: finding.id } },
  };
}

function controlsOf(entry: CatalogueEntry | undefined): string[] {
  const { cis = {}, partly: _, ...others } = entry?.controls ?? {};
  return [
    ...Object.values(others).flat(),
    ...Object.entries(cis).flatMap(([version, ids]) => ids.map((id) => `CIS-${version} ${id}`)),
  ];
}

function standardsOf(entry: CatalogueEntry | undefined): string[] {
  const { cis = {}, securityHub } = entry?.controls ?? {};
  return [
    ...(securityHub ? ['AWS Security Hub'] : []),
    ...Object.keys(cis).map((version) => `CIS AWS Foundations Benchmark v${version}`),
    'selfheal',
  ];
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
