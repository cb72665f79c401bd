import {
  CancelKeyDeletionCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { KEY } from './lib/keys';
import { defineBot } from '../../../shared/bot/bot';

const DAY = 86_400_000;

export const bot = defineBot({
  ...KEY,
  id: 'kms_cmk_enable_key',
  aliases: ['kms_cancel_key_deletion'],
  title: 'Cancel the deletion of a KMS key and enable it',
  severity: 'critical',
  risk: 'safe',
  kind: 'response',
  permissions: {
    read: ['kms:DescribeKey'],
    write: ['kms:CancelKeyDeletion', 'kms:EnableKey'],
    undo: ['kms:DisableKey', 'kms:ScheduleKeyDeletion'],
  },

  async inspect({ kms }, { target: { id: KeyId } }): Promise<State | undefined> {
    const { KeyMetadata: key } = await kms.send(new DescribeKeyCommand({ KeyId }));
    if (!key) return undefined;
    const { KeyState = '', DeletionDate, PendingDeletionWindowInDays } = key;
    if (key.KeyManager === 'AWS' || !isPending(KeyState)) return { state: KeyState };
    const left = DeletionDate && Math.round((DeletionDate.getTime() - Date.now()) / DAY);
    return { state: KeyState, daysLeft: left ?? PendingDeletionWindowInDays ?? 30 };
  },

  check({ state, daysLeft }) {
    if (daysLeft !== undefined)
      return `KMS is to delete the key in ${daysLeft} days: cancel it if the key is needed`;
    return state === 'Disabled'
      ? 'the key is disabled: nothing that is encrypted with it can be read'
      : undefined;
  },

  plan: ({ daysLeft }, { target: { id: KeyId } }) => [
    ...(daysLeft === undefined ? [] : [{ kms: new CancelKeyDeletionCommand({ KeyId }) }]),
    { kms: new EnableKeyCommand({ KeyId }), ...(daysLeft !== undefined && { after: true as const }) },
  ],

  undo(before, { target: { id: KeyId } }) {
    if (before.daysLeft === undefined) return [{ kms: new DisableKeyCommand({ KeyId }) }];
    const PendingWindowInDays = Math.min(30, Math.max(7, before.daysLeft));
    return [{ kms: new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }) }];
  },

  footprint: ({ state }) => ({ state }),
});

interface State {
  readonly state: string;
  /** How many days were left before KMS would have deleted it. */
  readonly daysLeft?: number;
}

/** The primary key of several Regions waits for its replicas before its own days begin. */
function isPending(state: string): boolean {
  return state === 'PendingDeletion' || state === 'PendingReplicaDeletion';
}
