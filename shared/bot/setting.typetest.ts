/**
 * What a setting refuses at compile time. `tsc` runs over this file: a line below `@ts-expect-error` that began to
 * compile would be an error itself.
 */
import { DescribeDBInstancesCommand, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { DeleteBucketPolicyCommand } from '@aws-sdk/client-s3';
import * as z from 'zod';
import type { Bot } from './bot';
import { atLeast, defineSetting, includes, oneOf } from './setting';

const DATABASE = {
  resource: 'AWS::RDS::DBInstance',
  clients: { rds: RDSClient },
  gone: ['DBInstanceNotFoundFault'],
} as const;

const fine = {
  id: 'example',
  title: 'Example',
  severity: 'low',
  risk: 'safe',
  permissions: { read: [], write: [] },
  ...DATABASE,
  params: z.object({ days: z.int().default(7) }),
  from: { days: 'finding' },
  inspect: () => Promise.resolve({ is: 7, status: 'available' }),
  want: 7,
  says: 'a sentence',
  write: () => ({ rds: modify({ DeletionProtection: true }) }),
} as const;

function modify(change: object) {
  return new ModifyDBInstanceCommand({ DBInstanceIdentifier: 'db', ...change });
}

const bot = defineSetting({
  ...fine,
  inspect: async ({ rds }, { target }) => {
    const { DBInstances: [db] = [] } = await rds.send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: target.id }),
    );
    return db && { is: db.BackupRetentionPeriod ?? 0, status: db.DBInstanceStatus };
  },
  want: ({ days }, { status }) => (status === 'stopped' ? 0 : atLeast(days)),
  says: ({ is, status }, { params }) => `${is.toFixed()} of ${params.days} (${status})`,
  obstacle: ({ status }, { params }) =>
    status === 'available' ? undefined : { waiting: `it is ${status}, for ${params.days} days` },
  write: (days, { target }, { is, status }) => ({
    rds: modify({ BackupRetentionPeriod: days.toFixed(), id: target.id, was: is.toFixed(), status }),
  }),
});
bot.id satisfies 'example';
bot satisfies Bot<typeof DATABASE.clients, typeof fine.params, { is: number; status: string | undefined }>;

defineSetting({ ...fine, obstacle: () => ({ held: 'a reason' }) });
defineSetting({ ...fine, obstacle: () => ({ notApplicable: 'a reason' }) });
defineSetting({ ...fine, oneWay: 'a reason' });
defineSetting({ ...fine, write: () => [fine.write()] });
defineSetting({
  ...fine,
  inspect: (): Promise<{ is: 'on' | 'off' } | undefined> => Promise.resolve(undefined),
  want: 'on',
});

const listed = { ...fine, inspect: () => Promise.resolve({ is: ['error'] }) };
defineSetting({
  ...listed,
  want: includes(['audit']),
  write: (types) => ({ rds: modify({ types: types.join() }) }),
});
const tokens = {
  ...fine,
  inspect: () => Promise.resolve<{ is: 'optional' | 'required' }>({ is: 'required' }),
};
defineSetting({ ...tokens, want: oneOf(['required']) });
defineSetting({ ...tokens, want: 'optional' });
const grown = { ...fine, inspect: () => Promise.resolve({ is: [] as ('audit' | 'error')[] }) };
defineSetting({ ...grown, want: includes(['audit']) });
// @ts-expect-error items that the list never has
defineSetting({ ...grown, want: includes(['slow']) });

// @ts-expect-error a value of another type
defineSetting({ ...fine, want: true });
// @ts-expect-error a value that the attribute never has
defineSetting({ ...tokens, want: 'sometimes' });
// @ts-expect-error one of the values the attribute never has
defineSetting({ ...tokens, want: oneOf(['required', 'sometimes']) });
// @ts-expect-error a minimum of what is not a number
defineSetting({ ...listed, want: atLeast(7) });
// @ts-expect-error items of another type
defineSetting({ ...listed, want: includes([7]) });
// @ts-expect-error a parameter that is not declared
defineSetting({ ...fine, want: ({ years }) => (years ? 1 : 2) });
// @ts-expect-error a command of a service that the client does not speak
defineSetting({ ...fine, write: () => ({ rds: new DeleteBucketPolicyCommand({ Bucket: 'b' }) }) });
// @ts-expect-error a client that is not declared
defineSetting({ ...fine, write: () => ({ s3: new DeleteBucketPolicyCommand({ Bucket: 'b' }) }) });
// @ts-expect-error the value is of the attribute's type
defineSetting({ ...fine, write: (value) => ({ rds: modify({ MultiAZ: value.length ? 1 : 2 }) }) });
// @ts-expect-error a field that the state does not have
defineSetting({ ...fine, obstacle: ({ engine }) => (engine ? { held: 'a reason' } : undefined) });
// @ts-expect-error an obstacle that is none of the three
defineSetting({ ...fine, obstacle: () => ({ refused: 'a reason' }) });
// @ts-expect-error a state without the attribute
defineSetting({ ...fine, inspect: () => Promise.resolve({ status: 'available' }) });
// @ts-expect-error an attribute that may be undefined, which JSON drops
defineSetting({ ...fine, inspect: () => Promise.resolve({ is: undefined as number | undefined }) });
// @ts-expect-error no sentence
defineSetting({ ...fine, says: undefined });
// @ts-expect-error no way to write
defineSetting({ ...fine, write: undefined });
// @ts-expect-error what follows from the setting is not said again
defineSetting({ ...fine, check: () => undefined });
