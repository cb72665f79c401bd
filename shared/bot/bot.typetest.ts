/**
 * What the seam refuses at compile time. `tsc` runs over this file: a line below `@ts-expect-error` that began to
 * compile would be an error itself.
 */
import { DisableKeyRotationCommand, GetKeyRotationStatusCommand, KMSClient } from '@aws-sdk/client-kms';
import { DeleteBucketPolicyCommand } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { defineBot } from './bot';

const fine = {
  id: 'example',
  title: 'Example',
  resource: 'AWS::KMS::Key',
  severity: 'low',
  risk: 'safe',
  kind: 'posture',
  params: z.object({ days: z.int().default(365) }),
  from: { days: 'finding' },
  permissions: { read: [], write: [], undo: [] },
  clients: { kms: KMSClient },
  inspect: () => Promise.resolve({ rotates: true }),
  check: () => undefined,
  plan: () => [],
  undo: () => [],
} as const;

defineBot({ ...fine });
defineBot({ ...fine, plan: () => [{ kms: new DisableKeyRotationCommand({ KeyId: 'k' }) }] });
defineBot({ ...fine, plan: () => ({ held: 'a reason' }) });
defineBot({ ...fine, undo: () => ({ irreversible: 'a reason' }) });
defineBot({
  ...fine,
  inspect: async ({ kms }, { target, params }) => {
    const { KeyRotationEnabled } = await kms.send(new GetKeyRotationStatusCommand({ KeyId: target.id }));
    return { rotates: KeyRotationEnabled ?? false, days: params.days };
  },
  check: (state, { params }) => (state.days === params.days ? undefined : 'other days'),
});

// @ts-expect-error a command of a service that the client does not speak
defineBot({ ...fine, plan: () => [{ kms: new DeleteBucketPolicyCommand({ Bucket: 'b' }) }] });
// @ts-expect-error a client that is not declared
defineBot({ ...fine, plan: () => [{ s3: new DeleteBucketPolicyCommand({ Bucket: 'b' }) }] });
// @ts-expect-error a command that lacks its input
defineBot({ ...fine, plan: () => [{ kms: new DisableKeyRotationCommand({}) }] });
// @ts-expect-error a client that is not declared, in inspect
defineBot({ ...fine, inspect: async ({ s3 }) => Promise.resolve({ rotates: Boolean(s3) }) });
// @ts-expect-error a parameter that is not declared
defineBot({ ...fine, check: (_state, { params }) => (params.years ? 'x' : undefined) });
// @ts-expect-error a field that the state does not have
defineBot({ ...fine, check: (state) => (state.turns ? 'x' : undefined) });
// @ts-expect-error a verdict without a sentence
defineBot({ ...fine, check: ({ rotates }) => rotates });
// @ts-expect-error no word on the way back
defineBot({ ...fine, undo: undefined });
// @ts-expect-error undo that says nothing
defineBot({ ...fine, undo: () => ({}) });
// @ts-expect-error a severity that does not exist
defineBot({ ...fine, severity: 'severe' });
// @ts-expect-error a type that is not CloudFormation's
defineBot({ ...fine, resource: 'kms-key' });
// @ts-expect-error a permission list is missing
defineBot({ ...fine, permissions: { read: [] } });
// @ts-expect-error a permission list that does not exist
defineBot({ ...fine, permissions: { read: [], write: [], delete: [] } });
// @ts-expect-error words that name no parameter
defineBot({ ...fine, words: { order: ['years'] } });

const { params: _params, ...bare } = fine;
const terse = { ...bare, permissions: { read: [], write: [] } } as const;

defineBot(terse);
defineBot({ ...terse, check: (_state, { params }) => (params satisfies Record<string, never>, undefined) });
// @ts-expect-error parameters that nobody declared
defineBot({ ...terse, check: (_state, { params }) => (params satisfies { days: number }, undefined) });

const { from: _unsaid, ...silent } = fine;
// @ts-expect-error who may set a parameter cannot be left unsaid
defineBot({ ...silent });
// @ts-expect-error nor for one of several
defineBot({ ...fine, params: z.object({ days: z.int(), more: z.string() }) });
// @ts-expect-error and it is one of two
defineBot({ ...fine, from: { days: 'anyone' } });
