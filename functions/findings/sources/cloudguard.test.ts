import type { CatalogueEntry } from '../../../shared/catalogue';
import { entry } from '../../../testing/entry';
import { botsOf, readerOf, readsAnything } from '../../../testing/reading';
import { catalogue } from '../../remediators/catalogue';
import type { Intake, Reading } from '../source';
import { cloudguard } from './cloudguard';
import bucket from './fixtures/cloudguard/bucket.json';
import entities from '../fixtures/entities.json';
import passwordPolicy from './fixtures/cloudguard/password-policy.json';
import securityGroup from './fixtures/cloudguard/security-group.json';

const ACCOUNT = '111122223333';
const SECURITY_GROUP = 'AWS::EC2::SecurityGroup';
const intake: Intake = {
  catalogue: [
    ...catalogue,
    entry('rotate', { aliases: ['turn'], resource: SECURITY_GROUP }),
    entry('whole_account', { resource: 'AWS::::Account' }),
  ],
  accountId: ACCOUNT,
  region: 'eu-west-1',
  sentAt: '2026-11-21T12:00:00.000Z',
  messageId: 'message-1',
};

const read = readerOf(cloudguard, intake);

/** A finding on the security group with these tags, and other changes. */
function tagged(complianceTags: unknown, changes: object = {}): object {
  return { ...securityGroup, rule: { ...securityGroup.rule, complianceTags }, ...changes };
}

function onEntity(entity: object, tags = 'AUTO: rotate'): object {
  return tagged(tags, { entity: { ...securityGroup.entity, ...entity } });
}

describe('findings as CloudGuard sends them', () => {
  test('a security group: bot and words from the tag among others', () => {
    expect(read(securityGroup)).toEqual([
      {
        remediation: {
          version: 1,
          bot: 'sg_close_ports',
          target: {
            account: ACCOUNT,
            region: 'eu-west-1',
            type: 'AWS::EC2::SecurityGroup',
            id: 'sg-0a1b2c3d4e5f60718',
          },
          params: { ports: [22, 3389] },
          finding: {
            source: 'cloudguard',
            id: 'wCuPWFEcm1ptd/GwlNyTGg',
            time: '2026-11-21T09:58:12.345Z',
            title: 'Security Groups must not allow inbound traffic on port 22 (SSH) from the internet',
          },
        },
      },
    ]);
  });

  test('a bucket: no tags, no region, an action beside a suggested role', () => {
    expect(read(bucket)).toMatchObject([
      { declined: expect.stringMatching(/SuggestedRole.*no bot takes a policy from a message/) },
      {
        remediation: {
          bot: 's3_block_all_public_access',
          target: { region: 'us-east-1', type: 'AWS::S3::Bucket', id: 'open-bucket' },
          params: {},
        },
      },
    ]);
  });

  test('the password policy: no entity, nine words, the account is the target', () => {
    expect(read(passwordPolicy)).toMatchObject([
      {
        remediation: {
          bot: 'iam_turn_on_password_policy',
          target: { account: ACCOUNT, region: 'us-east-1', type: 'AWS::::Account', id: ACCOUNT },
          params: { minimumPasswordLength: 15, maxPasswordAge: 5, hardExpiry: false },
        },
      },
    ]);
  });
});

describe('only Failed asks for a repair', () => {
  test.each(['Passed', 'Excluded', 'failed?', '', null, undefined])('%j is declined', (status) => {
    expect(read(tagged('AUTO: rotate', { status }))).toEqual([
      { declined: expect.stringMatching(/only Failed asks for a repair$/) },
    ]);
  });

  test.each(['Failed', 'FAILED', 'failed'])('%j is not', (status) => {
    expect(botsOf(read(tagged('AUTO: rotate', { status })))).toEqual(['rotate']);
  });
});

describe('tags', () => {
  test.each<[unknown, string[]]>([
    ['AUTO: rotate', ['rotate']],
    ['AUTO:rotate', ['rotate']],
    ['  AUTO:   rotate  ', ['rotate']],
    ['AUTO:\trotate', ['rotate']],
    ['AUTO: turn', ['rotate']],
    ['AUTO: rotate|AUTO: whole_account', ['rotate', 'whole_account']],
    ['PCI | AUTO: rotate |AUTO:whole_account| CIS 1.2', ['rotate', 'whole_account']],
    ['AUTO: rotate|AUTO:rotate| AUTO:  rotate ', ['rotate']],
    ['AUTO:|AUTO: rotate|AUTO:  ', ['rotate']],
    ['AUTO: rotate days=1|AUTO: rotate days=2', ['rotate', 'rotate']],
  ])('%j', (tags, bots) => {
    expect(botsOf(read(tagged(tags)))).toEqual(bots);
  });

  test.each([
    null,
    undefined,
    '',
    'AUTO:',
    ' AUTO: ',
    'foo AUTO: rotate',
    'auto: rotate',
    'AUTO rotate',
    '|||',
  ])('%j asks for nothing', (tags) => {
    expect(read(tagged(tags))).toEqual([{ declined: 'the rule carries no AUTO: tag' }]);
  });

  test('words behind the bot', () => {
    const readings = read(tagged(`AUTO: rotate 7 "two words"|AUTO: rotate NumberOfDays:8`));
    expect(readings).toMatchObject([
      { remediation: { params: { days: 7, name: 'two words' } } },
      { remediation: { params: { days: 8 } } },
    ]);
  });

  test('one wrong tag does not take the others with it', () => {
    expect(read(tagged('AUTO: make_tea|AUTO: rotate day=1|AUTO: rotate'))).toMatchObject([
      { unusable: 'there is no bot "make_tea": see npx selfheal bots' },
      { unusable: expect.stringMatching(/does not know the word "day=1"/) },
      { remediation: { bot: 'rotate' } },
    ]);
  });

  test.each(['constructor', '__proto__', 'TEMPLATE_BOT', '../rotate', '"rotate'])('no bot: %s', (name) => {
    expect(read(tagged(`AUTO: ${name}`))).toEqual([{ unusable: expect.stringMatching(/^there is no bot/) }]);
  });
});

describe('remediationActions', () => {
  function acting(remediationActions: unknown, tags: string | null = null): Reading[] {
    return read(tagged(tags, { remediationActions }));
  }

  test('are the same words without AUTO:, behind the tags, each once', () => {
    expect(botsOf(acting(['rotate', 'whole_account', ' rotate ', ''], 'AUTO: rotate'))).toEqual([
      'rotate',
      'whole_account',
    ]);
  });

  test('two ways of writing one order are one', () => {
    expect(acting(['turn  7', 'rotate days=7'], 'AUTO: rotate 7|AUTO: rotate 8')).toHaveLength(2);
  });

  test.each([
    ['{"SuggestedRole":"{}"}', /^the action is a SuggestedRole.*permission_boundary: no bot takes a policy/],
    ['{"SuggestedRole":{"Statement":[]}}', /^the action is a SuggestedRole/],
    ['{"a":1}', /^the action is JSON/],
    ['[1]', /^the action is JSON/],
    ['7', /^the action is JSON/],
    ['null', /^the action is JSON/],
    ['"rotate"', /^the action is JSON/],
  ])('%s is declined, and what follows is carried out', (action, reason) => {
    expect(botsOf(acting([action, 'rotate 7']))).toEqual([
      { declined: expect.stringMatching(reason) },
      'rotate',
    ]);
  });

  test.each([
    'rotate 7 SuggestedPolicy:{"Statement":[]}',
    'rotate 7 SuggestedPolicy=x',
    "rotate 7 'SuggestedPolicy:x y'",
    'rotate suggestedrole:x',
    'rotate name="SuggestedPolicy:x" SuggestedPolicy:y',
  ])('%s: no policy is taken from a message', (action) => {
    expect(acting([action])).toEqual([{ unusable: expect.stringMatching(/no bot takes a policy/) }]);
  });

  test.each([null, undefined, []])('%j: none', (actions) => {
    expect(acting(actions)).toEqual([{ declined: 'the rule carries no AUTO: tag' }]);
  });

  test.each([['text'], [[7]], [[null]], [{}]])('%j is not of CloudGuard', (actions) => {
    expect(acting(actions)).toEqual([{ unusable: expect.stringMatching(/^not a CloudGuard finding/) }]);
  });
});

describe('the target', () => {
  test.each([
    ['us_east_1', 'us-east-1'],
    ['eu-central-1', 'eu-central-1'],
    [' EU_WEST_2 ', 'eu-west-2'],
    ['ap_southeast_2', 'ap-southeast-2'],
    ['us_gov_west_1', 'us-gov-west-1'],
  ])('region %j is %s', (region, expected) => {
    const message = { ...onEntity({ region }), region: null };
    expect(read(message)).toMatchObject([{ remediation: { target: { region: expected } } }]);
  });

  test.each(['global', 'Global', '', null, undefined])(
    'region %j is none, and nothing is guessed',
    (region) => {
      const message = { ...onEntity({ region }), region: null };
      expect(read(message)).toMatchObject([
        { unusable: expect.stringMatching(/^the finding names no region/) },
      ]);
    },
  );

  test.each([
    ['Oregon', 'us-west-2'],
    ['US West (Oregon)', 'us-west-2'],
    ['China (Beijing)', 'cn-north-1'],
    ['AWS GovCloud (US-West)', 'us-gov-west-1'],
  ])('region %j, in words, is %s', (region, expected) => {
    expect(read(onEntity({ region }))).toMatchObject([{ remediation: { target: { region: expected } } }]);
  });

  test.each(['Central', 'us east', 'Moon'])('region %j is none, or several', (region) => {
    expect(read(onEntity({ region }))).toMatchObject([
      { unusable: expect.stringMatching(/write (its|one's) id/) },
    ]);
  });

  test('an entity without region lies where the finding says', () => {
    const entity = { ...securityGroup.entity, region: null };
    expect(read(tagged('AUTO: rotate', { entity, region: 'Frankfurt' }))).toMatchObject([
      { remediation: { target: { region: 'eu-central-1' } } },
    ]);
  });

  test.each(entities)('$entity.type: $target.id', ({ entity, target }) => {
    const bot = entry('act', { resource: target.type as CatalogueEntry['resource'] });
    const message = tagged('AUTO: act', { entity, region: '' });
    const [reading] = cloudguard.read(message, { ...intake, catalogue: [entry('other'), bot] });
    expect(reading).toMatchObject({ remediation: { bot: 'act', target: { ...target, account: ACCOUNT } } });
  });

  test.each([
    [{ type: null, id: 'sg-1', name: 'bastion' }, 'sg-1'],
    [{ type: undefined, id: null, name: 'sg-2' }, 'sg-2'],
    [{ type: 'NewThing', id: '', name: 'sg-2' }, 'sg-2'],
  ])('%j, of no type that is known: the id, else the name', (entity, id) => {
    expect(read(onEntity(entity))).toMatchObject([{ remediation: { target: { id, type: SECURITY_GROUP } } }]);
  });

  test('no resource, or one of another type', () => {
    const unusable = 'the finding names no AWS::EC2::SecurityGroup, which rotate acts on';
    expect(read(onEntity({ id: '', name: null }))).toEqual([{ unusable }]);
    expect(read(onEntity({ type: 'Instance', id: 'i-1' }))).toEqual([{ unusable }]);
  });

  test.each([
    { accountNumber: '444455556666' },
    { arn: 'arn:aws:ec2:eu-west-1:444455556666:security-group/sg-1' },
  ])('%j: of another account than the finding', (entity) => {
    expect(read(onEntity(entity))).toEqual([
      { unusable: `the finding names several accounts: ${ACCOUNT} and 444455556666` },
    ]);
  });

  test('a bot of the whole account acts on the account, whatever the entity is', () => {
    expect(read(onEntity({ id: 'x', region: 'eu_west_1' }, 'AUTO: whole_account'))).toMatchObject([
      { remediation: { target: { type: 'AWS::::Account', id: ACCOUNT, region: 'us-east-1' } } },
    ]);
  });
});

describe('the finding', () => {
  test('without key and time it has the rule’s and the message’s', () => {
    const [reading] = read(tagged('AUTO: rotate', { findingKey: '', reportTime: 'yesterday' }));
    expect(reading).toMatchObject({
      remediation: {
        finding: { id: `${securityGroup.rule.name}/sg-0a1b2c3d4e5f60718`, time: intake.sentAt },
      },
    });
  });

  test('without time it has that of the event that it is about', () => {
    const at = (value: unknown, reportTime: unknown = null) => {
      const additionalFields = [
        { name: 'other', value: '{' },
        { name: 'logic_data', value },
      ];
      const [reading] = read(tagged('AUTO: rotate', { reportTime, additionalFields }));
      return reading && 'remediation' in reading && reading.remediation.finding.time;
    };
    const data = JSON.stringify({ alertWindowStartTime: '2026-11-21T09:00:00Z' });
    expect(at(data)).toBe('2026-11-21T09:00:00.000Z');
    expect(at(data, '2026-11-21T10:00:00Z')).toBe('2026-11-21T10:00:00.000Z');
    for (const malformed of [
      ...['', '{', 'null', '7', '[]', '{}', '{"alertWindowStartTime":7}', '{"alertWindowStartTime":"soon"}'],
      ...[null, 7, {}],
    ]) {
      expect(at(malformed)).toBe(intake.sentAt);
    }
  });

  test.each(['Azure', 'Gcp', 'azure'])('of %s it is declined', (vendor) => {
    expect(read(tagged('AUTO: rotate', { account: { id: 'a-b-c', vendor } }))).toEqual([
      { declined: `the finding is about ${vendor}, not about AWS` },
    ]);
  });

  test('anything at every field: nothing is thrown, and all is answered', () => {
    const samples = [securityGroup, bucket, passwordPolicy];
    const others = entities.map(({ entity }) => onEntity(entity));
    readsAnything(cloudguard, [...samples, ...others], intake);
  });

  test.each<[object, RegExp]>([
    [{ account: { id: 7 } }, /account\.id/],
    [{ account: {} }, /account\.id/],
    [{ account: null }, /account/],
    [{ rule: [] }, /rule/],
    [{ rule: { complianceTags: ['AUTO: rotate'] } }, /rule\.complianceTags/],
    [{ entity: 'sg-1' }, /entity/],
    [{ status: 1 }, /status/],
  ])('%j is none of CloudGuard’s', (changes, reason) => {
    expect(read({ ...securityGroup, ...changes })).toEqual([{ unusable: expect.stringMatching(reason) }]);
  });

  test('other messages are left to other sources', () => {
    expect(cloudguard.accepts({ bot: 'rotate', target: { id: 'key-1' } })).toBe(false);
    expect(cloudguard.accepts({ rule: {}, entity: {} })).toBe(false);
  });
});
