import * as z from 'zod';
import type { RoutedSource } from '../../shared/config';
import { named, placed } from './arn';
import { controlOf, instant, keysOf, malformed, onlyOne, severityNamed } from './asff';
import { routedEach } from './each';
import type { Said } from './routing';
import type { Intake, Reading } from './source';

/** What is absent comes as null or as nothing too. */
const text = z
  .string()
  .nullish()
  .transform((value) => (value === '' ? undefined : (value ?? undefined)));
const number = z
  .number()
  .nullish()
  .transform((value) => value ?? undefined);
const moment = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => value ?? undefined);

/** What is read of a finding in the Open Cybersecurity Schema Framework (category 2). */
const findingSchema = z.object({
  activity_name: text,
  activity_id: number,
  status: text,
  status_id: number,
  status_code: text,
  severity: text,
  severity_id: number,
  time: moment,
  time_dt: moment,
  metadata: z.object({
    event_code: text,
    product: z.object({ name: text }).nullish(),
  }),
  finding_info: z.object({
    uid: z.string().min(1),
    title: text,
    types: z.array(z.string()).nullish(),
    modified_time: moment,
    modified_time_dt: moment,
  }),
  cloud: z
    .object({ provider: text, region: text, account: z.object({ uid: z.string() }).nullish() })
    .nullish(),
  compliance: z.object({ control: text, status: text, status_id: number }).nullish(),
  resources: z
    .array(
      z.object({
        type: text,
        uid: text,
        uid_alt: text,
        region: text,
        owner: z.object({ account: z.object({ uid: text }).nullish() }).nullish(),
      }),
    )
    .nullish(),
});
type OcsfFinding = z.infer<typeof findingSchema>;

/** Names of ids, for findings that give the id alone. Source: schema.ocsf.io, findings. */
const STATUSES = ['UNKNOWN', 'NEW', 'IN PROGRESS', 'SUPPRESSED', 'RESOLVED', 'ARCHIVED', 'DELETED'];
const COMPLIANCE = ['UNKNOWN', 'PASS', 'WARNING', 'FAIL'];
const SEVERITIES = ['', 'INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL', 'CRITICAL'];

/** What a finding in OCSF comes to. */
export function readOcsf(message: unknown, source: RoutedSource, intake: Intake): Reading[] {
  const parsed = findingSchema.safeParse(message);
  if (!parsed.success) return [malformed('OCSF', parsed.error)];
  const finding = parsed.data;
  const { cloud, finding_info: info, metadata } = finding;
  const settled = settledBecause(finding);
  if (settled !== undefined) return [{ declined: settled }];
  const account = cloud?.account?.uid;
  if (account === undefined || cloud?.provider?.toUpperCase() !== 'AWS') {
    return [{ declined: `the finding is about ${cloud?.provider?.slice(0, 64) ?? 'no cloud'}, not AWS` }];
  }
  const region = cloud.region ?? onlyOne(finding.resources?.map((resource) => resource.region));
  const resources = (finding.resources ?? []).flatMap(({ type, uid, uid_alt, region: own, owner }) => {
    const found = named(type, uid, uid_alt);
    const whose = found && { ...found, account: found.account ?? owner?.account?.uid ?? account };
    return whose ? [placed(whose, { account, region: own })] : [];
  });
  const controls = controlsOf(finding);
  const severity = severityNamed(finding.severity) ?? severityNamed(byId(SEVERITIES, finding.severity_id));
  return routedEach(
    {
      source,
      id: info.uid,
      time: timeOf(finding) ?? intake.sentAt,
      ...(info.title !== undefined && { title: info.title }),
      account,
      region,
      keys: keysOf([...controls.ids, metadata.event_code, ...(info.types ?? [])]),
      controls,
      ...(severity !== undefined && { severity }),
    },
    resources,
    intake,
  );
}

/** Why a finding asks for no repair. */
function settledBecause(finding: OcsfFinding): string | undefined {
  const { activity_name, activity_id, status_code, compliance } = finding;
  if (activity_name?.toUpperCase() === 'CLOSE' || activity_id === 3) return 'the finding is closed';
  const status = finding.status?.toUpperCase() ?? byId(STATUSES, finding.status_id);
  if (status !== undefined && STATUSES.indexOf(status) >= STATUSES.indexOf('SUPPRESSED')) {
    return `the finding's status is ${status}`;
  }
  if (isProwlers(finding)) {
    return status_code === 'FAIL'
      ? undefined
      : `the check's status is ${status_code?.slice(0, 64) ?? 'absent'}; only FAIL asks for a repair`;
  }
  if (!compliance) return undefined;
  const result = compliance.status?.toUpperCase() ?? byId(COMPLIANCE, compliance.status_id) ?? 'absent';
  return result === 'FAIL' || result === 'WARNING'
    ? undefined
    : `the finding's compliance is ${result.slice(0, 64)}; only FAIL and WARNING ask for a repair`;
}

function controlsOf(finding: OcsfFinding): NonNullable<Said['controls']> {
  const { metadata, compliance } = finding;
  return isProwlers(finding)
    ? { standard: 'prowler', ids: keysOf([metadata.event_code]) }
    : { standard: 'securityHub', ids: keysOf([controlOf(compliance?.control)]) };
}

function isProwlers({ metadata }: OcsfFinding): boolean {
  return metadata.product?.name === 'Prowler';
}

/** Numbers first: Prowler's texts are in the time of the machine that it ran on. */
function timeOf({ finding_info: info, time, time_dt }: OcsfFinding): string | undefined {
  return [info.modified_time, info.modified_time_dt, time, time_dt]
    .map((moment) => instant(moment))
    .find((moment) => moment !== undefined);
}

function byId(names: readonly string[], id: number | undefined): string | undefined {
  return id === undefined ? undefined : names[id];
}
