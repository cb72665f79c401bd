import { catalogue } from '../../functions/remediators/catalogue';
import { readFinding } from '../../functions/findings/read';
import { unwrap } from '../../functions/findings/records';
import accessKey from '../../functions/findings/sources/fixtures/guardduty/access-key.json';
import { asItsSourceSpeaks } from '../raw-findings';
import { showsLinks } from '../terminal/io';
import { cellOf, csvOf } from './csv';
import { ocsfOf } from './ocsf';
import type { Exported } from './record';
import { sarifOf } from './sarif';

const account = '111122223333';
const target = { account, region: 'eu-west-1', type: 'AWS::KMS::Key', id: 'k-1' };
const row: Exported = {
  ...{ bot: 'kms_enable_rotation', severity: 'medium', source: 'config', target, atMs: 1_795_255_623_000 },
  ...{ id: 'kms_enable_rotation/20261121093000-3f9a2c41', violation: 'the key does not rotate, "ever"' },
  ...{ status: 'open', standing: 'would be fixed', params: { periodDays: 180 } },
  calls: [{ action: 'kms:EnableKeyRotation', input: { KeyId: 'k-1' } }],
  changes: [
    { sign: '-', text: 'rotation: off' },
    { sign: '+', text: 'rotation: every 180 days' },
    { sign: ' ', text: 'alias/orders (stays)' },
  ],
  finding: { source: 'config', id: 'f', time: '2026-11-21T10:00:00Z' },
};
const rules = {
  config: { enable_auto_response: false, bots: { kms_enable_rotation: { enabled: true } } },
  catalogue,
  accountId: account,
  region: 'eu-west-1',
};
const readingsOf = (item: unknown) =>
  unwrap(asItsSourceSpeaks(item)).flatMap((message) => readFinding(rules, message).readings);

test.each([
  ['=1+1', "'=1+1"],
  ['  @SUM(A1)', "'  @SUM(A1)"],
  ['-2', "'-2"],
  ['a,"b"', '"a,""b"""'],
  ['two\nlines', 'two lines'],
  ['\u001b[31mred', 'red'],
])('the cell %j', (value, cell) => {
  expect(cellOf(value)).toBe(cell);
});

test('CSV: a heading and a line a row, of as many cells', () => {
  const [head, line, end] = csvOf([row]).split('\r\n');
  expect(head).toMatch(/^id,time,severity,bot,account,region,type,resource,arn,wrong,/);
  expect(line).toContain('"the key does not rotate, ""ever"""');
  // Behind an apostrophe, as a spreadsheet would take it for a formula.
  expect(line).toContain(",'- rotation: off; + rotation: every 180 days,");
  expect(line).toContain('arn:aws:kms:eu-west-1:111122223333:key/k-1');
  expect(end).toBe('');
});

test('OCSF is read back as what it was: the same bot, resource and parameters; what is settled is declined', () => {
  const [open] = ocsfOf([row], catalogue, '1.0.0');
  expect(open).toMatchObject({
    remediation: {
      desc: '- rotation: off\n+ rotation: every 180 days\nkms:EnableKeyRotation {"KeyId":"k-1"}',
    },
  });
  expect(open).toMatchObject({ class_uid: 2003, type_uid: 200301, severity_id: 3, status_id: 1 });
  expect(readingsOf(open)).toMatchObject([
    {
      remediation: {
        bot: 'kms_enable_rotation',
        target,
        params: { periodDays: 180 },
        finding: { id: row.id },
      },
    },
  ]);
  const [settled] = ocsfOf([{ ...row, status: 'settled' }], catalogue, '1.0.0');
  expect(readingsOf(settled)).toEqual([{ declined: 'the finding is closed' }]);
});

test('SARIF: the bot is the rule, the ARN the place', () => {
  const { runs } = sarifOf([row, { ...row, status: 'settled' }], catalogue, {
    command: 'scan',
    version: '1.0.0',
  });
  expect(runs[0]?.tool.driver.rules).toMatchObject([{ id: 'kms_enable_rotation' }]);
  expect(runs[0]?.results).toMatchObject([
    {
      ...{ ruleId: 'kms_enable_rotation', ruleIndex: 0, level: 'warning' },
      locations: [
        { logicalLocations: [{ fullyQualifiedName: 'arn:aws:kms:eu-west-1:111122223333:key/k-1' }] },
      ],
    },
    { baselineState: 'absent', properties: { changes: ['- rotation: off', '+ rotation: every 180 days'] } },
  ]);
});

test('a bare finding in ASFF is one of Security Hub, and tells no Security Hub of its outcome', () => {
  const asff = {
    ...{ SchemaVersion: '2018-10-08', Id: 'a', AwsAccountId: account, Region: 'eu-west-1' },
    ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/securityhub',
    ...{ GeneratorId: 'security-control/KMS.4', UpdatedAt: '2026-11-21T10:00:00Z' },
    Compliance: { Status: 'FAILED', SecurityControlId: 'KMS.4' },
    Resources: [{ Type: 'AwsKmsKey', Id: 'arn:aws:kms:eu-west-1:111122223333:key/k-1' }],
  };
  const [reading] = readingsOf(asff);
  expect(reading).toMatchObject({
    remediation: { bot: 'kms_enable_rotation', finding: { source: 'securityhub' } },
  });
  expect(JSON.stringify(reading)).not.toContain('productArn');
});

test("GuardDuty's finding as the AWS CLI prints it is read as GuardDuty sends it", () => {
  const capital = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(capital);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [
        name.charAt(0).toUpperCase() + name.slice(1),
        capital(field),
      ]),
    );
  };
  expect(readingsOf(capital(accessKey.detail))).toEqual(readingsOf(accessKey.detail));
  expect(readingsOf(capital(accessKey.detail))).toEqual([
    { declined: expect.stringMatching(/^no route for/) as string, withoutRoute: true },
  ]);
});

test.each([
  [{ TERM_PROGRAM: 'iTerm.app' }, true],
  [{ VTE_VERSION: '6003' }, true],
  [{ TERM: 'screen', TERM_PROGRAM: 'iTerm.app' }, false],
  [{ FORCE_HYPERLINK: '1', CI: 'true' }, true],
  [{}, false],
])('links in the terminal %j', (env, shown) => {
  expect(showsLinks(env)).toBe(shown);
});
