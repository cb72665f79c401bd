import { catalogue } from '../../../functions/remediators/catalogue';
import { fromDdAws } from './dd-aws';

const read = (text: string, file = 'terraform.tfvars') => fromDdAws({ file, text }, catalogue);
const SECRET = 'https://hooks.slack.com/services/T000/B000/sEcReT';

test.each([
  [
    'terraform.tfvars',
    `region = "eu-central-1"\nenable_auto_response = "true"\nslack_webhook_url = "${SECRET}"\nslack_channel = "#sec"`,
  ],
  [
    'own.tfvars.json',
    JSON.stringify({
      region: 'eu-central-1',
      enable_auto_response: true,
      slack_webhook_url: SECRET,
      slack_channel: '#sec',
    }),
  ],
])('%s: three remediations, in one region, off', (file, text) => {
  const migration = read(text, file);
  expect(migration.config).toEqual({
    enable_auto_response: false,
    bots: {
      sg_close_ports: { enabled: true, params: { ports: [22, 1433, 3306, 3389] } },
      s3_remove_public_grants: { enabled: true },
      s3_remove_public_statements: { enabled: true },
    },
    regions: ['eu-central-1'],
    managedRules: { cloudTrailEnabled: true, iamPasswordPolicy: true },
    accounts: { mode: 'single' },
    slack: { webhook: { parameter: '/selfheal/slack-webhook-url' }, configRules: 'all' },
  });
  const of = (name: string) => migration.moves.find(({ from }) => from === name);
  expect(of('enable_auto_response')).toMatchObject({
    how: 'differs',
    says: expect.stringContaining('It was on.'),
  });
  expect(of('slack_webhook_url')).toMatchObject({
    how: 'differs',
    says: expect.stringContaining('/selfheal/slack-webhook-url'),
  });
  expect(of('slack_channel')).toMatchObject({ how: 'left' });
  expect(JSON.stringify(migration)).not.toContain('sEcReT');
});

test('nothing set: what DD-AWS does by itself, and Slack hears of nothing more', () => {
  const { config, moves } = read('');
  expect(config).toMatchObject({ regions: ['ap-southeast-2'], slack: { webhook: {} } });
  expect(config.slack).not.toHaveProperty('configRules');
  expect(moves).toContainEqual(expect.objectContaining({ from: 'region, which is not set', to: 'regions' }));
  expect(read('slack_webhook_url = ""').config.slack).not.toHaveProperty('configRules');
});

test.each([
  ['prohibited_ports = "22, 5432"\nbucket_whitelist = "www,assets"'],
  ['prohibitedPorts = [22, "5432"]\nbucketWhitelist = ["www", "assets"]'],
])('ports and buckets that a fork has made variables: %s', (text) => {
  const { config } = read(text);
  expect(config.bots.sg_close_ports?.params).toEqual({ ports: [22, 5432] });
  const until = expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string;
  expect(config.exemptions).toEqual([
    { resource: 'www', owner: expect.any(String), reason: expect.any(String), until },
    { resource: 'assets', owner: expect.any(String), reason: expect.any(String), until },
  ]);
});

test.each([
  ['prohibited_ports = 22', 'is neither a list nor a text with commas'],
  ['prohibited_ports = "ssh"', 'holds “ssh”, which is no port'],
  ['prohibited_ports = [[22]]', 'holds “[22]”, which is no port'],
  ['bucket_whitelist = ["*"]', 'holds “*”, which is no name of a bucket'],
  ['region = 1', 'region is no region'],
  ['vpc_cidr = "10.0.0.0/16"', 'sets none of the variables of DD-AWS'],
  ['__proto__ = { region = "eu-west-1" }', 'sets none of the variables of DD-AWS'],
])('%s: %s', (text, says) => {
  expect(() => read(text)).toThrow(says);
});

test('a port that is none leaves its bot out; a variable that nobody knows is named', () => {
  const { config, moves } = read(
    'region = "eu-west-1"\nprohibited_ports = [70000]\nteam = "sec"\nconstructor = 1',
  );
  expect(Object.keys(config.bots)).toEqual(['s3_remove_public_grants', 's3_remove_public_statements']);
  expect(moves).toContainEqual(expect.objectContaining({ from: 'EC2_SG_PROHIBITED_PORT', how: 'left' }));
  for (const from of ['team', 'constructor'])
    expect(moves).toContainEqual(expect.objectContaining({ from, how: 'left' }));
});
