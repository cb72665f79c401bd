import { STSClient } from '@aws-sdk/client-sts';
import { CreateKeyCommand, EnableKeyRotationCommand, KMSClient } from '@aws-sdk/client-kms';
import { catalogue } from '../../../functions/remediators/catalogue';
import { isSettings } from '../../../shared/resources/target';
import { inventory } from '../../../shared/aws/inventory';
import { ACCOUNT, newInstallation } from '../../testing';

const config = { bots: { kms_enable_rotation: { enabled: true } } };

async function newKey(region: string): Promise<string> {
  const { KeyMetadata } = await new KMSClient({ region }).send(new CreateKeyCommand({}));
  return KeyMetadata?.KeyId ?? '';
}

interface Document {
  readonly resources: number;
  readonly found: readonly { readonly bot: string; readonly target: object }[];
  readonly failures: readonly { readonly reason: string }[];
}

test('what is wrong in the regions that are named, and nothing else; nothing is written', async () => {
  const { run: within } = await newInstallation();
  const region = 'ap-southeast-3';
  const [wrong, fine] = [await newKey(region), await newKey(region)];
  await new KMSClient({ region }).send(new EnableKeyRotationCommand({ KeyId: fine }));
  await newKey('ap-southeast-4');
  const argv = ['scan', '--resource-region', region];
  const { exit, json } = await within([...argv, '--json'], { config });
  expect(exit).toBe(0);
  const document = json() as Document;
  expect(document.found).toMatchObject([
    { bot: 'kms_enable_rotation', target: { account: ACCOUNT, region, type: 'AWS::KMS::Key', id: wrong } },
  ]);
  const { out } = await within(argv, { config, columns: 140 });
  expect(out).toMatch(/medium +kms_enable_rotation +\S+ .*does not rotate/s);
  expect(out).toMatch(/2 looks at 2 resources: 1 fault \(1 medium\), 0 of them exempt; 0 looks failed/);
  expect((await within(['queue'], { config })).out).toMatch(/empty|nothing/i);
});

test('--enqueue puts on the queue what is not exempt, after a question', async () => {
  const { run: within } = await newInstallation();
  const region = 'ap-southeast-5';
  const [wrong, exempt] = [await newKey(region), await newKey(region)];
  const exempting = {
    ...config,
    exemptions: [{ resource: exempt, owner: 'web team', approver: 'head of security', reason: 'legacy' }],
  };
  const argv = ['scan', '--resource-region', region, '--enqueue'];
  const refused = await within(argv, { config: exempting, answer: false });
  expect(refused.exit).toBe(3);
  const { out } = await within([...argv, '--yes'], { config: exempting });
  expect(out).toMatch(/exempt: legacy/);
  expect(out).toMatch(/Enqueued 1 remediation/);
  const queue = await within(['queue', '--json'], { config });
  expect(queue.json()).toMatchObject({ messages: [{ bot: 'kms_enable_rotation', target: { id: wrong } }] });
});

test('another account needs a role there, and must be one that config.ts lets bots act in', async () => {
  const { run: within } = await newInstallation();
  const member = '444455556666';
  const refused = await within(['scan', '--account', member], { config });
  expect(refused).toMatchObject({
    exit: 3,
    err: expect.stringMatching(/is not this installation/) as string,
  });
  const accounts = { mode: 'multi', externalId: 'selfheal-x', accounts: [member] } as const;
  const many = { ...config, accounts };
  const region = 'ap-southeast-7';
  const argv = ['scan', '--account', member, '--resource-region', region];
  const unnamed = await within(argv, { config: many });
  expect(unnamed).toMatchObject({ exit: 1, err: expect.stringMatching(/--assume-role/) as string });
  // A key at home, in the same region, which must not be found.
  await newKey(region);
  const looked = await within([...argv, '--assume-role', 'audit', '--json'], { config: many });
  expect(looked.json()).toMatchObject({ account: member, resources: 0, found: [], failures: [] });
});

test('a bot that is named is scanned for, enabled or not; without one there must be an enabled one', async () => {
  const { run: within } = await newInstallation();
  const argv = ['scan', '--resource-region', 'eu-south-2'];
  expect(await within(argv, { config: { bots: {} } })).toMatchObject({ exit: 2 });
  const { exit, json } = await within([...argv, '--bot', 'sg_close_ports', '--json'], {
    config: { bots: {} },
  });
  expect(exit).toBe(0);
  expect((json() as Document).failures).toEqual([]);
});

test.each(
  [...new Set(catalogue.filter(({ kind }) => kind === 'posture').map(({ resource }) => resource))].filter(
    (type) => !isSettings(type),
  ),
)('%s, which posture bots look at, can be listed', async (type) => {
  const kind = inventory[type];
  if (!kind) throw new Error(`${type} is not in the inventory`);
  const region = 'eu-north-1';
  const { requestHandler } = new STSClient({ region }).config;
  const aws = Object.fromEntries(
    // Kinesis speaks HTTP/2, moto HTTP/1.
    Object.entries(kind.clients()).map(([name, Class]) => [
      name,
      new Class({ region, requestHandler } as never),
    ]),
  );
  const ids: (string | undefined)[] = [];
  for await (const page of kind.pages(aws, region)) ids.push(...page);
  expect(Array.isArray(ids)).toBe(true);
});
