import * as z from 'zod';
import { faultIn } from '../../shared/text';
import type { RoutedSource } from '../../shared/config';
import { resourceOf } from '../../shared/resources/arn';
import { isUnnamed } from '../../shared/resources/canonical';
import { named, placed } from './arn';
import { routedEach } from './each';
import type { Said } from './routing';
import type { Intake, Reading } from './source';

/** What is absent comes as null or as nothing too. */
const text = z
  .string()
  .nullish()
  .transform((value) => (value === '' ? undefined : (value ?? undefined)));

/** The name of what is often named by AWS's unique id. Source: ASFF, `Resources.Details`. */
const detailsSchema = z
  .object({
    AwsIamUser: z.object({ UserName: text }).nullish(),
    AwsIamRole: z.object({ RoleName: text }).nullish(),
    AwsIamGroup: z.object({ GroupName: text }).nullish(),
    AwsRdsDbInstance: z.object({ DBInstanceIdentifier: text }).nullish(),
    AwsRdsDbCluster: z.object({ DbClusterIdentifier: text }).nullish(),
  })
  .nullish()
  .catch(undefined);

/** What is read of a finding in the AWS Security Finding Format. */
const findingSchema = z.object({
  Id: z.string().min(1),
  AwsAccountId: z.string(),
  Region: text,
  GeneratorId: text,
  Types: z.array(z.string()).nullish(),
  Title: text,
  UpdatedAt: text,
  RecordState: text,
  Workflow: z.object({ Status: text }).nullish(),
  Compliance: z.object({ Status: text, SecurityControlId: text }).nullish(),
  Severity: z.object({ Label: text, Normalized: z.number().nullish() }).nullish(),
  ProductFields: z.object({ ControlId: text }).nullish(),
  Resources: z.array(z.object({ Type: text, Id: text, Region: text, Details: detailsSchema })).nullish(),
});
type AsffFinding = z.infer<typeof findingSchema>;

/** Where each label begins, of 10. Source: ASFF, `Severity.Normalized`. */
const SEVERITIES: Readonly<Record<string, number>> = {
  INFORMATIONAL: 0,
  LOW: 1,
  MEDIUM: 4,
  HIGH: 7,
  CRITICAL: 9,
};

/** What a finding in ASFF comes to; `keys` are what else routes may name it by. */
export function readAsff(
  message: unknown,
  source: RoutedSource,
  intake: Intake,
  keys: readonly string[] = [],
): Reading[] {
  const parsed = findingSchema.safeParse(message);
  if (!parsed.success) return [malformed('ASFF', parsed.error)];
  const finding = parsed.data;
  const settled = settledBecause(finding);
  if (settled !== undefined) return [{ declined: settled }];
  const { Id, AwsAccountId, GeneratorId, Title, Types, UpdatedAt } = finding;
  const region = finding.Region ?? onlyOne(finding.Resources?.map(({ Region }) => Region));
  const resources = (finding.Resources ?? []).flatMap((resource) => {
    const found = named(resource.Type, nameIn(resource), resource.Id);
    return found ? [placed(found, { account: AwsAccountId, region: resource.Region })] : [];
  });
  const controls = controlsOf(finding);
  return routedEach(
    {
      source,
      id: Id,
      time: instant(UpdatedAt) ?? intake.sentAt,
      ...(Title !== undefined && { title: Title }),
      account: AwsAccountId,
      region,
      keys: keysOf([...controls.ids, GeneratorId, ...(Types ?? []), ...keys]),
      controls,
      ...severityOf(finding),
    },
    resources,
    intake,
  );
}

/** The resource's ARN with its name where AWS's unique id stands, if the details tell the name. */
function nameIn({ Id: id = '', Details: details }: NonNullable<AsffFinding['Resources']>[number]) {
  const name =
    details?.AwsIamUser?.UserName ??
    details?.AwsIamRole?.RoleName ??
    details?.AwsIamGroup?.GroupName ??
    details?.AwsRdsDbInstance?.DBInstanceIdentifier ??
    details?.AwsRdsDbCluster?.DbClusterIdentifier;
  const resource = resourceOf(id);
  return resource && name !== undefined && isUnnamed(resource)
    ? id.replace(resource.id, () => name)
    : undefined;
}

/** Why a finding asks for no repair. Its owner may have been told (NOTIFIED): the fault is there all the same. */
function settledBecause({ Workflow, RecordState, Compliance, GeneratorId }: AsffFinding): string | undefined {
  const workflow = Workflow?.Status?.toUpperCase();
  if (workflow === 'SUPPRESSED' || workflow === 'RESOLVED') return `the finding's workflow is ${workflow}`;
  if (RecordState?.toUpperCase() === 'ARCHIVED') return 'the finding is ARCHIVED';
  const status = Compliance?.Status?.toUpperCase();
  // Prowler writes WARNING for what is muted; Security Hub for what it could not see all of.
  const failing = prowlerCheckOf(GeneratorId) === undefined ? ['FAILED', 'WARNING'] : ['FAILED'];
  return status === undefined || failing.includes(status)
    ? undefined
    : `the finding's compliance is ${status.slice(0, 64)}; only ${failing.join(' and ')} ask for a repair`;
}

/** The check behind a generator of Prowler's: `prowler-kms_cmk_rotation_enabled`. */
export function prowlerCheckOf(generator: string | undefined): string | undefined {
  return /^prowler-([\w-]+)$/.exec(generator ?? '')?.[1];
}

function controlsOf(finding: AsffFinding): NonNullable<Said['controls']> {
  const { GeneratorId, Compliance, ProductFields } = finding;
  const check = prowlerCheckOf(GeneratorId);
  if (check !== undefined) return { standard: 'prowler', ids: [check] };
  const ids = [
    controlOf(Compliance?.SecurityControlId),
    controlOf(GeneratorId),
    controlOf(ProductFields?.ControlId),
  ];
  return { standard: 'securityHub', ids: keysOf(ids) };
}

/** The control whose id this is, or whose finding this generator makes: `EC2.13`. */
export function controlOf(id: string | undefined): string | undefined {
  if (id === undefined || id.length > 256) return undefined;
  const [, rule = ''] = /^(?:security-control\/|.+\/v\/[\d.]+\/(?:rule\/)?)?([\w.]+)$/.exec(id) ?? [];
  if (/^[A-Za-z]\w*\.\d+$/.test(rule)) return rule;
  const [, standard = '', version = ''] = /([a-z-]+)\/v\/([\d.]+)\/[^/]+/.exec(id) ?? [];
  return STANDARDS.get(`${standard}/${version}`)?.get(rule);
}

/**
 * Controls of standards that number them otherwise, for findings that are not consolidated and say no
 * `SecurityControlId`. Source: Security Hub User Guide, "Consolidation and control fields", generator ids.
 */
const STANDARDS = new Map([
  [
    'cis-aws-foundations-benchmark/1.2.0',
    table(
      '1.1 CloudWatch.1|1.2 IAM.5|1.3 IAM.8|1.4 IAM.3|1.5 IAM.11|1.6 IAM.12|1.7 IAM.13|1.8 IAM.14|1.9 IAM.15|' +
        '1.10 IAM.16|1.11 IAM.17|1.12 IAM.4|1.13 IAM.9|1.14 IAM.6|1.16 IAM.2|1.20 IAM.18|1.22 IAM.1|' +
        '2.1 CloudTrail.1|2.2 CloudTrail.4|2.3 CloudTrail.6|2.4 CloudTrail.5|2.5 Config.1|2.6 CloudTrail.7|' +
        '2.7 CloudTrail.2|2.8 KMS.4|2.9 EC2.6|3.1 CloudWatch.2|3.2 CloudWatch.3|3.3 CloudWatch.1|' +
        '3.4 CloudWatch.4|3.5 CloudWatch.5|3.6 CloudWatch.6|3.7 CloudWatch.7|3.8 CloudWatch.8|3.9 CloudWatch.9|' +
        '3.10 CloudWatch.10|3.11 CloudWatch.11|3.12 CloudWatch.12|3.13 CloudWatch.13|3.14 CloudWatch.14|' +
        '4.1 EC2.13|4.2 EC2.14|4.3 EC2.2',
    ),
  ],
  [
    'cis-aws-foundations-benchmark/1.4.0',
    table(
      '1.4 IAM.4|1.5 IAM.9|1.6 IAM.6|1.7 CloudWatch.1|1.8 IAM.15|1.9 IAM.16|1.10 IAM.5|1.14 IAM.3|1.16 IAM.1|' +
        '1.17 IAM.18|2.1.2 S3.5|2.1.5.1 S3.1|2.1.5.2 S3.8|2.2.1 EC2.7|2.3.1 RDS.3|3.1 CloudTrail.1|' +
        '3.2 CloudTrail.4|3.4 CloudTrail.5|3.5 Config.1|3.6 S3.9|3.7 CloudTrail.2|3.8 KMS.4|3.9 EC2.6|' +
        '4.3 CloudWatch.1|4.4 CloudWatch.4|4.5 CloudWatch.5|4.6 CloudWatch.6|4.7 CloudWatch.7|4.8 CloudWatch.8|' +
        '4.9 CloudWatch.9|4.10 CloudWatch.10|4.11 CloudWatch.11|4.12 CloudWatch.12|4.13 CloudWatch.13|' +
        '4.14 CloudWatch.14|5.1 EC2.21|5.3 EC2.2',
    ),
  ],
  [
    'pci-dss/3.2.1',
    table(
      'PCI.EC2.1 EC2.1|PCI.EC2.2 EC2.2|PCI.EC2.4 EC2.12|PCI.EC2.5 EC2.13|PCI.EC2.6 EC2.6|PCI.IAM.2 IAM.2|' +
        'PCI.IAM.3 IAM.1|PCI.IAM.4 IAM.6|PCI.IAM.5 IAM.9|PCI.IAM.6 IAM.19|PCI.IAM.7 IAM.8|PCI.IAM.8 IAM.10|' +
        'PCI.KMS.1 KMS.4|PCI.Lambda.1 Lambda.1|PCI.Lambda.2 Lambda.3|PCI.RDS.1 RDS.1|PCI.RDS.2 RDS.2|' +
        'PCI.Redshift.1 Redshift.1|PCI.S3.1 S3.3|PCI.S3.2 S3.2|PCI.S3.3 S3.7|PCI.S3.5 S3.5|PCI.S3.6 S3.1|' +
        'PCI.SageMaker.1 SageMaker.1',
    ),
  ],
]);

function table(rows: string): ReadonlyMap<string, string> {
  return new Map(rows.split('|').map((row) => row.split(' ') as [string, string]));
}

function severityOf({ Severity }: AsffFinding): { severity?: number } {
  const normalized = Severity?.Normalized;
  const severity = typeof normalized === 'number' ? normalized / 10 : severityNamed(Severity?.Label);
  return severity === undefined ? {} : { severity };
}

/** The severity of this name, 0 to 10. */
export function severityNamed(label: string | undefined): number | undefined {
  const name = label?.toUpperCase() ?? '';
  return Object.hasOwn(SEVERITIES, name) ? SEVERITIES[name] : undefined;
}

/** What routes may name a finding by, each once. */
export function keysOf(keys: readonly (string | undefined)[]): string[] {
  return [...new Set(keys.filter((key) => key !== undefined && key !== ''))] as string[];
}

/** The region of a finding that says it of its resources alone, as Prowler's do. */
export function onlyOne(regions: readonly (string | undefined)[] = []): string | undefined {
  const [region, ...others] = new Set(regions);
  return others.length === 0 ? region : undefined;
}

/** ISO, of a text that says when, in UTC where it does not say so, or of seconds or milliseconds since 1970. */
export function instant(value: string | number | undefined): string | undefined {
  const isNaive = typeof value === 'string' && /T[\d:.]+$/.test(value);
  const isSeconds = typeof value === 'number' && Math.abs(value) < 1e11;
  const time = new Date(isNaive ? `${value}Z` : isSeconds ? value * 1000 : (value ?? ''));
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** One sentence on the first field that is not as its format has it. */
export function malformed(format: string, error: z.ZodError): { unusable: string } {
  return { unusable: `not a finding in ${format}: ${faultIn(error)}` };
}
