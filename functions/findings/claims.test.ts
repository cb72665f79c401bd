/** A finding of every control that a bot claims, in the shape that its source gives it, is taken in for that bot. */
import { catalogue } from '../remediators/catalogue';
import { typesOf } from '../../shared/bot/bot';
import type { CatalogueEntry } from '../../shared/catalogue';
import type { Config } from '../../shared/config';
import { isSettings } from '../../shared/resources/target';
import { typeNamed, typeOf } from '../../shared/resources/types';
import { CONFIG, PROWLER, SECURITY_HUB } from '../../tools/standards';
import { readFinding } from './read';
import { RULES } from './sources/conformity';

const HOME = { accountId: '111122223333', region: 'eu-central-1' };
/** Another region than the installation's: nothing may be guessed. */
const REGION = 'eu-west-1';
const TIME = '2026-11-21T10:00:00Z';

/** Names as the services give them; what is not listed is called `example`. */
const NAMES: Readonly<Record<string, string>> = {
  'AWS::EC2::Image': 'ami-0a1b2c3d4e5f60718',
  'AWS::EC2::Instance': 'i-0a1b2c3d4e5f60718',
  'AWS::EC2::NetworkAcl': 'acl-0a1b2c3d4e5f60718',
  'AWS::EC2::SecurityGroup': 'sg-0a1b2c3d4e5f60718',
  'AWS::EC2::Snapshot': 'snap-0a1b2c3d4e5f60718',
  'AWS::EC2::Subnet': 'subnet-0a1b2c3d4e5f60718',
  'AWS::EC2::TransitGateway': 'tgw-0a1b2c3d4e5f60718',
  'AWS::EC2::Volume': 'vol-0a1b2c3d4e5f60718',
  'AWS::EC2::VPC': 'vpc-0a1b2c3d4e5f60718',
  'AWS::IAM::AccessKey': 'AKIAIOSFODNN7EXAMPLE',
  'AWS::SecretsManager::Secret': 'example-AbCdEf',
  'AWS::KMS::Key': '1234abcd-12ab-34cd-56ef-1234567890ab',
};

/** A resource as findings name it: its type in the finder's words, its ARN, and its id. */
function named(type: string) {
  const row = typeNamed(type);
  if (!row) throw new Error(`no row of shared/resources/table.ts is called ${type}`);
  const [form] = [row.arn ?? row.alsoArn ?? []].flat();
  const name = NAMES[row.type] ?? 'example';
  const arn = form
    ?.replace(/@\+?|\*$/, name)
    .replaceAll('*', 'other')
    .split(':')
    .map((part) => (part === 'region' ? REGION : part === 'account' ? HOME.accountId : part))
    .join(':');
  return { type: row.type, name, arn: arn === undefined ? name : `arn:aws:${arn}` };
}

const isAccount = (type: string) => isSettings(typeNamed(type)?.type ?? '');
/** Of the types that a control judges, those that the bot acts on: the others are another bot's, or nobody's. */
function judged(types: readonly string[], entry: CatalogueEntry): readonly string[] {
  const own = types.filter((type) => isAccount(type) || typesOf(entry).includes(typeNamed(type)?.type ?? ''));
  if (own.length > 0) return own;
  throw new Error(`${entry.id} acts on ${typesOf(entry).join(', ')}, the control judges ${types.join(', ')}`);
}

const ACCOUNT_ID = `AWS::::Account:${HOME.accountId}`;

/** A control's finding in Security Hub. Source: Security Hub, ASFF examples. */
function securityHub(control: string, entry: CatalogueEntry): object[] {
  const types = judged([SECURITY_HUB[control] ?? []].flat(), entry);
  return types.map((Type) => ({
    source: 'aws.securityhub',
    'detail-type': 'Security Hub Findings - Imported',
    ...{ account: HOME.accountId, region: REGION, time: TIME, id: 'e', resources: [] },
    detail: {
      findings: [
        {
          SchemaVersion: '2018-10-08',
          Id: `arn:aws:securityhub:${REGION}:${HOME.accountId}:security-control/${control}/finding/1`,
          ProductArn: `arn:aws:securityhub:${REGION}::product/aws/securityhub`,
          GeneratorId: `security-control/${control}`,
          ...{ AwsAccountId: HOME.accountId, Region: REGION, UpdatedAt: TIME, Title: control },
          Severity: { Label: 'CRITICAL' },
          Compliance: { Status: 'FAILED', SecurityControlId: control },
          Workflow: { Status: 'NEW' },
          RecordState: 'ACTIVE',
          Resources: [{ Type, Id: isAccount(Type) ? ACCOUNT_ID : named(Type).arn, Region: REGION }],
        },
      ],
    },
  }));
}

/** A rule's verdict. Source: AWS Config, example events; rules without a type evaluate the account. */
function config(rule: string, entry: CatalogueEntry): object[] {
  const { types = [] } = CONFIG[rule] ?? {};
  return judged(types.length > 0 ? types : ['AWS::::Account'], entry).map((resourceType) => {
    const { name, arn } = isAccount(resourceType) ? { name: HOME.accountId, arn: '' } : named(resourceType);
    const ids = { arn, url: `https://sqs.${REGION}.amazonaws.com/${HOME.accountId}/${name}` };
    const kind = typeNamed(resourceType)?.id;
    const resourceId = kind === 'arn' || kind === 'url' ? ids[kind] : name;
    const newEvaluationResult = { complianceType: 'NON_COMPLIANT', resultRecordedTime: TIME };
    return {
      source: 'aws.config',
      'detail-type': 'Config Rules Compliance Change',
      ...{ account: HOME.accountId, region: REGION, time: TIME, id: 'e', resources: [] },
      detail: {
        configRuleName: rule.toLowerCase().replaceAll('_', '-'),
        ...{ resourceType, resourceId, awsAccountId: HOME.accountId, awsRegion: REGION, newEvaluationResult },
      },
    };
  });
}

/** A check's result in OCSF. Source: Prowler, json-ocsf output. */
function prowler(check: string, entry: CatalogueEntry): object[] {
  const said = PROWLER[check] ?? 'Other';
  // A few checks name another type than that of the resource whose ARN they give.
  const type = typesOf(entry).includes(typeNamed(said)?.type ?? '') ? said : entry.resource;
  const uid = isSettings(typeNamed(type)?.type ?? type)
    ? `arn:aws:iam::${HOME.accountId}:root`
    : named(type).arn;
  return [
    {
      ...{ class_uid: 2004, activity_id: 1, status_code: 'FAIL', severity_id: 4, time_dt: TIME },
      metadata: { event_code: check, product: { name: 'Prowler' }, version: '1.4.0' },
      finding_info: { uid: `prowler-aws-${check}-1`, title: check, created_time_dt: TIME },
      cloud: { provider: 'aws', region: REGION, account: { uid: HOME.accountId } },
      resources: [{ type: said, uid, region: REGION, name: uid.split(/[:/]/).at(-1) }],
    },
  ];
}

/** A check of Conformity, as its SNS channel sends it; the account stands in the link to the resource. */
function conformity(ruleId: string): object[] {
  const { type } = RULES.get(ruleId) ?? {};
  const resource = type === undefined ? HOME.accountId : named(type).arn;
  return [
    {
      ...{ id: `ccc:${ruleId}`, ruleId, ruleTitle: ruleId, status: 'FAILURE', riskLevel: 'HIGH' },
      ...{ accountId: 'HJzFMHchx', ccrn: `ccrn:aws:${HOME.accountId}:x:${REGION}:${resource}` },
      ...{ region: REGION, resource, service: 'x', lastModifiedDate: Date.parse(TIME) },
    },
  ];
}

const sources = { securityHub, config, prowler, conformity };

describe.each(catalogue.map((entry) => [entry.id, entry] as const))('%s', (id, entry) => {
  const claims = Object.entries(sources).flatMap(([standard, messages]) =>
    (entry.controls[standard as keyof typeof sources] ?? []).flatMap((control) =>
      messages(control, entry).map((message) => [standard, control, message] as const),
    ),
  );
  if (claims.length === 0) return;

  test.each(claims)('answers %s %s', (_standard, _control, message) => {
    const rules: Config = { enable_auto_response: true, bots: { [id]: { enabled: true } } };
    const { readings } = readFinding(
      { config: rules, catalogue, ...HOME },
      {
        text: JSON.stringify(message),
        ...{ sentAt: TIME, messageId: 'm' },
      },
    );
    const [reading] = readings;
    if (reading && 'survey' in reading) {
      expect(reading.survey).toEqual({
        bot: id,
        account: HOME.accountId,
        region: expect.any(String),
        seenAt: expect.any(String),
      });
      return;
    }
    expect(reading).toMatchObject({ remediation: { bot: id, target: { account: HOME.accountId } } });
    if (!reading || !('remediation' in reading)) return;
    const { type, region, id: target } = reading.remediation.target;
    expect(typesOf(entry)).toContain(type);
    if (isSettings(type)) return;
    const { name } = named(type);
    expect(target).toContain(name);
    if (typeOf(type)?.where !== 'global') expect(region).toBe(REGION);
  });
});
