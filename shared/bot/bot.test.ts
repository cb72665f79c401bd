import { KMSClient } from '@aws-sdk/client-kms';
import * as z from 'zod';
import { defineBot } from './bot';

const terse = {
  id: 'example',
  title: 'Example',
  resource: 'AWS::KMS::Key',
  severity: 'low',
  risk: 'safe',
  kind: 'response',
  permissions: { read: ['kms:DescribeKey'], write: ['kms:EnableKey'] },
  clients: { kms: KMSClient },
  inspect: () => Promise.resolve({}),
  check: () => undefined,
  plan: () => [],
  undo: () => [],
} as const;

test('what a bot leaves unsaid is said for it', () => {
  const bot = defineBot(terse);
  expect(bot.params.parse({})).toEqual({});
  expect(bot.permissions).toEqual({ ...terse.permissions, undo: ['kms:EnableKey'] });
});

test('what it says stands', () => {
  const bot = defineBot({
    ...terse,
    params: z.object({ days: z.int().default(365) }),
    from: { days: 'finding' },
    permissions: { ...terse.permissions, undo: [] },
  });
  expect(bot.params.parse({})).toEqual({ days: 365 });
  expect(bot.permissions.undo).toEqual([]);
});
