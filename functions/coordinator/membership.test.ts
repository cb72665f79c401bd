import type { Accounts } from '../../shared/accounts';
import { membership } from './membership';

const HOME = '111122223333';
const ORGANIZATION = 'o-a1b2c3d4e5';
const OPEN: Accounts = { mode: 'multi', externalId: 'x', organization: ORGANIZATION };

/** An organization of some accounts; parents as AWS Organizations has them. */
function organization(
  accounts: Readonly<Record<string, string>>,
  parents: Readonly<Record<string, string>> = {},
) {
  const asked: string[] = [];
  const send = ({ constructor, input }: { input: { AccountId?: string; ChildId?: string } } & object) => {
    asked.push(constructor.name);
    const { AccountId = '', ChildId = '' } = input;
    if (constructor.name === 'ListParentsCommand') {
      const Id = parents[ChildId];
      return Promise.resolve({
        Parents: Id ? [{ Id, Type: Id.startsWith('r-') ? 'ROOT' : 'ORGANIZATIONAL_UNIT' }] : [],
      });
    }
    const State = accounts[AccountId];
    if (State === undefined) {
      return Promise.reject(
        Object.assign(new Error('no such account'), { name: 'AccountNotFoundException' }),
      );
    }
    const Arn = `arn:aws:organizations::${HOME}:account/${ORGANIZATION}/${AccountId}`;
    return Promise.resolve({ Account: { Arn, State } });
  };
  return { asked, client: { send: send as never } };
}

test('an active account of the organization may; one that is not there, suspended or of another may not', async () => {
  const { client } = organization({ '444455556666': 'ACTIVE', '777788889999': 'SUSPENDED' });
  const ask = membership(OPEN, HOME, client);
  expect(await ask('444455556666')).toBeUndefined();
  expect(await ask('777788889999')).toMatch(/no active member/);
  expect(await ask('123412341234')).toMatch(/no active member/);
  const other = membership({ ...OPEN, organization: 'o-zzzzzzzzzz' }, HOME, client);
  expect(await other('444455556666')).toMatch(/no active member/);
});

test('units: at any depth, and not beside them', async () => {
  const accounts = { '444455556666': 'ACTIVE', '777788889999': 'ACTIVE' };
  const parents = { '444455556666': 'ou-ab12-deep', 'ou-ab12-deep': 'ou-ab12-top', '777788889999': 'r-ab12' };
  const { client } = organization(accounts, parents);
  const ask = membership({ ...OPEN, organizationalUnits: ['ou-ab12-top'] }, HOME, client);
  expect(await ask('444455556666')).toBeUndefined();
  expect(await ask('777788889999')).toMatch(/no active member/);
});

test('asked once in a while, not for home, not for listed accounts, and never in single mode', async () => {
  const { asked, client } = organization({ '444455556666': 'ACTIVE' });
  const ask = membership({ ...OPEN, accounts: ['777788889999'] }, HOME, client);
  for (const account of ['444455556666', '444455556666', HOME, '777788889999']) await ask(account);
  expect(asked).toEqual(['DescribeAccountCommand']);
  expect(await membership(undefined, HOME, client)('444455556666')).toBeUndefined();
  expect(asked).toHaveLength(1);
});

test('an organization that does not answer lets nobody in', async () => {
  const client = { send: (() => Promise.reject(new Error('AccessDenied'))) as never };
  await expect(membership(OPEN, HOME, client)('444455556666')).rejects.toThrow('AccessDenied');
});

test.each(['AccessDeniedException', 'AWSOrganizationsNotInUseException'])(
  '%s: the reason, asked for once in a while',
  async (name) => {
    let asked = 0;
    const send = () => {
      asked += 1;
      return Promise.reject(Object.assign(new Error('no'), { name }));
    };
    const ask = membership(OPEN, HOME, { send: send as never });
    for (let time = 0; time < 2; time++) {
      expect(await ask('444455556666')).toMatch(
        /cannot be told here: AWS Organizations answers only its management account/,
      );
    }
    expect(asked).toBe(1);
  },
);

test('throttling says nothing of an account, and is thrown', async () => {
  const error = Object.assign(new Error('slow down'), { name: 'TooManyRequestsException' });
  const ask = membership(OPEN, HOME, { send: (() => Promise.reject(error)) as never });
  await expect(ask('444455556666')).rejects.toBe(error);
});
