import { randomBytes } from 'node:crypto';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { configIn, configMetadata } from '../deploy/config-metadata';
import type { Config } from '../shared/config';
import { configDifferences, deployedConfig } from './deployed-config';
import { denied, script } from './doctor/testing';
import { namesOf } from './place';
import { REGION, newInstallation, run } from './testing';

const config: Config = {
  enable_auto_response: false,
  bots: { kms_enable_rotation: { enabled: true }, sg_close_ports: { enabled: false } },
  exemptions: [{ resource: '${sls:stage} "ünusual"', owner: 'us', approver: 'us', reason: 'Ref' }],
};

afterEach(() => {
  jest.restoreAllMocks();
});

/** A stack that was deployed with that config. */
async function stackWith(deployed: Config | undefined): Promise<string> {
  const stage = `c${randomBytes(5).toString('hex')}`;
  await new CloudFormationClient({ region: REGION }).send(
    new CreateStackCommand({
      StackName: namesOf(stage).stack,
      TemplateBody: JSON.stringify({
        ...(deployed && { Metadata: configMetadata(deployed) }),
        Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
      }),
    }),
  );
  return stage;
}

const at = (stage: string) => ({ stage, region: REGION, color: false });

test('a config goes through a template whatever its words', () => {
  expect(configIn(JSON.stringify({ Metadata: configMetadata(config) }, null, 2))).toEqual(config);
  expect(configIn(JSON.stringify({ Resources: {} }))).toBeUndefined();
});

test('the stack says what it was deployed with', async () => {
  expect(await deployedConfig(at(await stackWith(config)))).toEqual({ config });
  expect(await deployedConfig(at(await stackWith(undefined)))).toEqual({ unknown: true });
  expect(await deployedConfig(at('nobody'))).toEqual({ unknown: true });
});

test('where AWS denies the look, that is said', async () => {
  script(CloudFormationClient, 'GetTemplate', () => denied('cloudformation:GetTemplate'));
  expect(await deployedConfig(at('prod'))).toEqual({ unknown: true, denied: 'cloudformation:GetTemplate' });
});

test.each<[string, Config, string[]]>([
  [
    'the same in another order',
    { exemptions: config.exemptions ?? [], bots: config.bots, enable_auto_response: false },
    [],
  ],
  ['a bot that is off here', { ...config, bots: {} }, ['kms_enable_rotation is enabled there only']],
  [
    'a bot that is on here, with parameters',
    {
      ...config,
      bots: { kms_enable_rotation: { enabled: true, mode: 'plan' }, s3_enable_versioning: { enabled: true } },
    },
    ['bots.kms_enable_rotation.mode is here only', 's3_enable_versioning is enabled here only'],
  ],
  ['a switch', { ...config, enable_auto_response: true }, ['enable_auto_response is true here, false there']],
  ['exemptions', { ...config, exemptions: [] }, ['exemptions differs']],
])('%s', (_what, here, differences) => {
  expect(configDifferences(here, config)).toEqual(differences);
});

test('a command that talks to an installation goes by what is deployed, and says where this checkout differs', async () => {
  const installation = await newInstallation();
  const [stack] = [namesOf(installation.stage).stack];
  script(CloudFormationClient, 'GetTemplate', ({ StackName }) =>
    StackName === stack
      ? {
          TemplateBody: JSON.stringify({
            Metadata: configMetadata({ ...config, bots: { kms_enable_rotation: { enabled: true } } }),
          }),
        }
      : undefined,
  );
  await installation.send({
    ...{ version: 1, bot: 'kms_enable_rotation', params: {} },
    target: {
      account: '123456789012',
      region: REGION,
      type: 'AWS::KMS::Key',
      id: '00000000-0000-0000-0000-000000000000',
    },
    finding: { source: 'generic', id: 'f', time: '2026-11-29T00:00:00Z' },
  });
  const { exit, out, err } = await installation.run(['queue'], {
    config: { bots: {}, exemptions: config.exemptions ?? [] },
  });
  expect(exit).toBe(0);
  expect(out).not.toContain('unusable');
  expect(err).toBe(
    'warning: config.ts here differs from what is deployed, which is what counts: kms_enable_rotation is enabled there only',
  );
  expect((await run(['routes'], { config: { bots: {} } })).err).toBe('');
});
