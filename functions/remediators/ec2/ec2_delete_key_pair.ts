import {
  DeleteKeyPairCommand,
  DescribeKeyPairsCommand,
  EC2Client,
  ImportKeyPairCommand,
  type KeyPairInfo,
} from '@aws-sdk/client-ec2';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { defineBot } from '../../../shared/bot/bot';
import { isUnnamed } from '../../../shared/resources/canonical';

const GONE = 'InvalidKeyPair.NotFound';

export const bot = defineBot({
  id: 'ec2_delete_key_pair',
  aliases: ['delete_key_pair'],
  title: 'Delete an EC2 key pair',
  resource: 'AWS::EC2::KeyPair',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'response',
  permissions: {
    read: ['ec2:DescribeKeyPairs'],
    write: ['ec2:DeleteKeyPair'],
    undo: ['ec2:ImportKeyPair', 'ec2:CreateTags'],
  },
  finder: {
    actions: ['ec2:DescribeKeyPairs'],
    async find({ ec2 }, target) {
      if (!isUnnamed(target)) return target;
      const input = { KeyPairIds: [target.id] };
      const reply = await undefinedIfGone(
        ec2.send(new DescribeKeyPairsCommand(input)),
        GONE,
        'InvalidKeyPairId.NotFound',
      );
      const name = reply?.KeyPairs?.find(({ KeyPairId }) => KeyPairId === target.id)?.KeyName;
      return name === undefined ? undefined : { ...target, id: name };
    },
  },
  clients: { ec2: EC2Client },

  // That there is no such pair is what is wanted.
  async inspect({ ec2 }, { target: { id } }): Promise<State> {
    const input = { KeyNames: [id], IncludePublicKey: true };
    const reply = await undefinedIfGone(ec2.send(new DescribeKeyPairsCommand(input)), GONE);
    const [pair] = reply?.KeyPairs ?? [];
    return pair ? { pair: readPair(pair) } : {};
  },

  check: ({ pair }) => pair && `the key pair is there (${pair.type}, ${pair.fingerprint})`,

  plan: (_state, { target: { id: KeyName } }) => [{ ec2: new DeleteKeyPairCommand({ KeyName }) }],

  undo({ pair }, { target: { id: KeyName }, now }) {
    if (!pair || now.pair) return [];
    if (pair.publicKey === '') return { irreversible: 'EC2 did not say what its public key was' };
    return [
      {
        ec2: new ImportKeyPairCommand({
          KeyName,
          PublicKeyMaterial: new TextEncoder().encode(pair.publicKey),
          ...(pair.tags.length > 0 && {
            TagSpecifications: [{ ResourceType: 'key-pair', Tags: [...pair.tags] }],
          }),
        }),
      },
    ];
  },

  // The fingerprint of an imported key is made otherwise than that of one which EC2 made.
  footprint: ({ pair }) => ({ publicKey: pair?.publicKey, tags: pair?.tags }),
});

interface State {
  readonly pair?: ReturnType<typeof readPair>;
}

function readPair({ PublicKey = '', KeyType = 'rsa', KeyFingerprint = '', Tags = [] }: KeyPairInfo) {
  const tags = Tags.map(({ Key = '', Value = '' }) => ({ Key, Value }));
  return { publicKey: PublicKey.trim(), type: KeyType, fingerprint: KeyFingerprint, tags };
}
