import type { Remediation } from '../shared/worker/message';
import { REGION } from './aws';

/** The account that everything is measured in. */
export const ACCOUNT = '123456789012';
/** The message of that number: every other one from AWS Config with a preview, the rest with parameters. */
export function bodyOf(index: number): string {
  return JSON.stringify(index % 2 === 0 ? fromConfig(index) : fromSomeone(index));
}

function fromConfig(index: number): Remediation {
  const KeyId = `${index.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
  const violation = 'the key does not rotate: turn on automatic rotation';
  return {
    version: 1,
    bot: 'kms_enable_rotation',
    target: { account: ACCOUNT, region: REGION, type: 'AWS::KMS::Key', id: KeyId },
    params: {},
    finding: {
      source: 'config',
      id: `kms_enable_rotation/${KeyId}`,
      time: '2026-11-21T09:30:00.000Z',
      title: violation,
    },
    preview: {
      violation,
      calls: [{ action: 'kms:EnableKeyRotation', input: { KeyId, RotationPeriodInDays: 365 } }],
    },
  };
}

function fromSomeone(index: number): Remediation {
  return {
    version: 1,
    bot: 'sg_close_ports',
    target: {
      account: ACCOUNT,
      region: REGION,
      type: 'AWS::EC2::SecurityGroup',
      id: `sg-${index.toString(16).padStart(17, '0')}`,
    },
    params: { ports: [22, 3389] },
    finding: {
      source: 'generic',
      id: `scan-${index}`,
      time: '2026-11-21T09:30:00.000Z',
      title: 'open to all',
    },
  };
}
