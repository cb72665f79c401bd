/** Sessions that end in the middle of a run, and keys that a region does not know. */
import { CreateSecurityGroupCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateKeyCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms';
import { STSClient } from '@aws-sdk/client-sts';
import { bot as rotate } from '../../functions/remediators/kms/kms_enable_rotation';
import { bot as deletes } from '../../functions/remediators/ec2/sg_delete';
import { type Scene, newScene, rotates } from '../../testing/scene';
import { queued } from '../../testing/world';
import { CLIENT_DEFAULTS } from '../aws/clients';
import { readGroup } from '../../functions/remediators/ec2/lib/security-groups-changes';
import { defineBot } from '../bot/bot';
import { MAX_ATTEMPTS } from './serve';

const POLICY = { Version: '2012-10-17', Id: 'rotates', Statement: [] };

/** Two writes, each of which is read back. */
const twice = defineBot({
  ...rotate,
  from: { periodDays: 'finding' },
  permissions: {
    read: ['kms:GetKeyRotationStatus', 'kms:GetKeyPolicy'],
    write: ['kms:EnableKeyRotation', 'kms:PutKeyPolicy'],
  },
  async inspect({ kms }, { target: { id: KeyId } }) {
    const { KeyRotationEnabled = false } = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
    const { Policy = '' } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
    return { rotates: KeyRotationEnabled, says: Policy.includes('"Id":"rotates"') };
  },
  check: ({ rotates, says }) => (rotates && says ? undefined : 'it does not rotate, or does not say so'),
  plan: (state, { target: { id: KeyId } }) => [
    ...(state.rotates ? [] : [{ kms: new EnableKeyRotationCommand({ KeyId }) }]),
    ...(state.says
      ? []
      : [{ kms: new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy: JSON.stringify(POLICY) }) }]),
  ],
  undo: () => [],
  footprint: (state) => state,
  changes: () => [],
});

/** `sg_delete`, which knows the group is not used. */
const remove = defineBot({
  ...deletes,
  inspect: async ({ ec2 }, { target: { id } }) => ({
    ...(await readGroup(ec2, id)),
    ...{ interfaces: [], namedBy: [] },
  }),
});

const WRITES = ['EnableKeyRotation', 'PutKeyPolicy'];
const writesIn = ({ carriedOut }: Scene) => carriedOut.filter((command) => WRITES.includes(command));

/** The session that makes this call has expired, for this and all that follows. */
function expireAt(turn: number, { faults }: Scene): void {
  const expired = new Set<string>();
  faults.service = ({ key, turn: now }) => {
    if (now === turn && expired.size === 0) expired.add(key);
    return expired.has(key)
      ? { name: 'ExpiredTokenException', message: 'The security token included in the request is expired' }
      : undefined;
  };
}

describe('a session that expires in the middle of a run', () => {
  // Two reads, two writes, two reads.
  test.each([
    [1, []],
    [2, []],
    [3, []],
    [4, ['EnableKeyRotation']],
    [5, WRITES],
    [6, WRITES],
  ])('at call %i: what was done is on record, and the next delivery ends it', async (turn, done) => {
    const scene = await newScene({ bot: twice });
    const { world, asked, target, deliver } = scene;
    expireAt(turn, scene);
    expect(await deliver()).toEqual(['failed']);
    expect(writesIn(scene)).toEqual(done);
    expect(world.told).toMatchObject([
      {
        outcome: 'failed',
        attempt: 1,
        reason: expect.stringMatching(/ExpiredTokenException: .* is expired/),
      },
    ]);
    expect(await queued(world)).toEqual({ visible: 1, inFlight: 0 });
    const before = { rotates: false, says: false };
    const begun = {
      status: 'failed',
      target,
      before,
      calls: done.map((name) => ({ action: `kms:${name}` })),
    };
    // Only reads come before the third call.
    expect(await world.journal.list()).toMatchObject(turn < 3 ? [] : [begun]);

    expect(await deliver()).toEqual(['fixed']);
    expect(asked).toHaveLength(2);
    expect(writesIn(scene)).toEqual(WRITES);
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
    const after = { rotates: true, says: true };
    const calls = WRITES.map((name) => ({ action: `kms:${name}` }));
    const [entry, ...others] = await world.journal.list();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ status: 'fixed', before, after, calls });
    expect(entry).not.toHaveProperty('reason');
    expect(world.told[1] ?? world.told[0]).toMatchObject({ outcome: 'fixed', journalId: entry?.id, calls });
  });

  test('half done, and never again let in: given up, and the letter’s event names the entry', async () => {
    const scene = await newScene({ bot: twice });
    const { world, carriedOut, faults, deliver } = scene;
    faults.service = () => {
      const expired = carriedOut.includes('EnableKeyRotation');
      return expired ? { name: 'ExpiredTokenException', message: 'expired' } : undefined;
    };
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) expect(await deliver()).toEqual(['failed']);
    const calls = [{ action: 'kms:EnableKeyRotation' }];
    const [entry, ...others] = await world.journal.list();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ status: 'failed', before: { rotates: false, says: false }, calls });
    expect(world.told[1]).toMatchObject({ outcome: 'dead-lettered', journalId: entry?.id, calls });
    expect(await scene.aside()).toMatchObject({ as: 'dead' });
  });

  test('after what deletes: the next delivery finds it gone, and closes the entry as fixed', async () => {
    const scene = await newScene({ bot: remove, given: newGroup });
    const { world, carriedOut, deliver } = scene;
    let first: string | undefined;
    scene.faults.service = ({ key }) => {
      first ??= key;
      const expired = key === first && carriedOut.includes('DeleteSecurityGroup');
      return expired ? { name: 'ExpiredToken', message: 'expired' } : undefined;
    };
    expect(await deliver()).toEqual(['failed']);
    const calls = [{ action: 'ec2:DeleteSecurityGroup' }];
    expect(await world.journal.list()).toMatchObject([{ status: 'failed', calls }]);
    expect(await deliver()).toEqual(['fixed']);
    const [entry, ...others] = await world.journal.list();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ status: 'fixed', before: { name: 'unused' }, calls });
    expect(entry).not.toHaveProperty('after');
    expect(entry).not.toHaveProperty('reason');
    expect(world.told).toMatchObject([{ outcome: 'failed' }, { outcome: 'fixed', journalId: entry?.id }]);
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
  });
});

describe('a region that is not enabled in the account', () => {
  test.each([
    ['UnrecognizedClientException', 'The security token included in the request is invalid.'],
    ['InvalidClientTokenId', 'The security token included in the request is invalid'],
    ['AuthFailure', 'AWS was not able to validate the provided access credentials'],
    ['InvalidToken', 'The provided token is malformed or otherwise invalid.'],
  ])('%s: said so in one sentence, and the session is not used again', async (name, message) => {
    const scene = await newScene({ bot: rotate, target: { region: 'me-south-1' } });
    const { world, asked, deliver, faults, target } = scene;
    faults.service = () => ({ name, message });
    expect(await deliver()).toEqual(['failed']);
    const said = `${name}: ${message.replace(/\.$/, '')}; region me-south-1 may not be enabled in account ${target.account}: enable it there, or leave it out of regions in config.ts`;
    expect(world.told).toMatchObject([{ outcome: 'failed', reason: said }]);
    expect(await world.journal.list()).toEqual([]);
    expect(await queued(world)).toEqual({ visible: 1, inFlight: 0 });
    await deliver();
    expect(asked).toHaveLength(2);
  });

  test('an opt-in region that is enabled takes the keys, which come from a regional endpoint of STS', async () => {
    const given = async (member: Scene['member']) => {
      const { KeyMetadata } = await member.client(KMSClient, 'me-south-1').send(new CreateKeyCommand({}));
      return KeyMetadata?.KeyId ?? '';
    };
    const scene = await newScene({ bot: rotate, given, target: { region: 'me-south-1' } });
    expect(await scene.deliver()).toEqual(['fixed']);
    expect(await rotates(scene)).toBe(true);
    // Those of the global endpoint would be taken only where regions are enabled by default.
    const { useGlobalEndpoint, endpointProvider } = new STSClient({ ...CLIENT_DEFAULTS, region: 'eu-west-1' })
      .config;
    const { url } = endpointProvider({
      Region: 'eu-west-1',
      UseGlobalEndpoint: useGlobalEndpoint as boolean,
    });
    expect(url.hostname).toBe('sts.eu-west-1.amazonaws.com');
  });
});

async function newGroup(member: Scene['member']): Promise<string> {
  const group = new CreateSecurityGroupCommand({ GroupName: 'unused', Description: 'unused' });
  return (await member.client(EC2Client).send(group)).GroupId ?? '';
}
