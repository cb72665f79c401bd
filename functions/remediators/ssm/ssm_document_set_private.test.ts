import {
  CreateDocumentCommand,
  DescribeDocumentPermissionCommand,
  ModifyDocumentPermissionCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { type Account, testBot } from '../../../testing/contract';
import { readWords } from '../../findings/words';
import { catalogue } from '../catalogue';
import { bot } from './ssm_document_set_private';

const PARTNERS = ['111122223333', '444455556666'];
const writes = ['ssm:ModifyDocumentPermission'];
const violation = 'everyone can read and run the document';

const document =
  (AccountIdsToAdd: string[], SharedDocumentVersion?: string) =>
  async ({ client }: Account) => {
    const ssm = client(SSMClient);
    for (const Name of ['neighbour', 'patching']) {
      await ssm.send(
        new CreateDocumentCommand({
          Name,
          DocumentType: 'Command',
          DocumentFormat: 'JSON',
          Content: JSON.stringify({ schemaVersion: '2.2', description: 'test', mainSteps: [] }),
        }),
      );
      if (AccountIdsToAdd.length === 0) continue;
      await ssm.send(
        new ModifyDocumentPermissionCommand({
          Name,
          PermissionType: 'Share',
          AccountIdsToAdd,
          SharedDocumentVersion,
        }),
      );
    }
    return 'patching';
  };

/** Its sharing as AWS keeps it: moto forgets accounts that the call adds which takes "all" away. */
const withPartners = async (account: Account) => {
  const id = await document(['all'])(account);
  let accounts = ['all'];
  account.script({
    ModifyDocumentPermission: ({ AccountIdsToAdd = [], AccountIdsToRemove = [] }) => {
      const removed = AccountIdsToRemove as string[];
      accounts = [...accounts, ...(AccountIdsToAdd as string[])].filter((one) => !removed.includes(one));
      return {};
    },
    DescribeDocumentPermission: () => ({
      AccountIds: accounts,
      AccountSharingInfoList: accounts.map((AccountId) => ({ AccountId, SharedDocumentVersion: '$DEFAULT' })),
    }),
  });
  return id;
};

const neighbour = async ({ client }: Account) => {
  const { AccountIds } = await client(SSMClient).send(
    new DescribeDocumentPermissionCommand({ Name: 'neighbour', PermissionType: 'Share' }),
  );
  return AccountIds;
};

testBot(bot, {
  violating: [
    {
      name: 'public, beside another that is',
      given: document(['all']),
      violation,
      writes,
      after: { public: false, accounts: [] },
      untouched: neighbour,
    },
    { name: 'public in all its versions', given: document(['all'], '$ALL'), violation, writes },
    {
      name: 'public, and partners are to keep it',
      given: withPartners,
      params: { accounts: PARTNERS },
      violation,
      writes,
      after: { public: false, accounts: PARTNERS },
    },
  ],
  compliant: [
    { name: 'private', given: document([]) },
    { name: 'shared with accounts that are named', given: document(PARTNERS) },
    {
      name: 'private, whoever would keep a public one',
      given: document([]),
      params: { accounts: PARTNERS },
    },
  ],
  gone: 'no-such-document',
});

describe('ssm_document_set_private', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'patching' };
  const context = { target, params: { accounts: [] } };
  const open = { public: true, version: '$LATEST', accounts: [] };
  const closed = { public: false, accounts: [] };

  const read = (Owner: string, pages: readonly string[][] = []) => {
    const send = ({ input }: { input: { NextToken?: string; PermissionType?: string } }) => {
      if (input.PermissionType === undefined) return Promise.resolve({ Document: { Owner } });
      const at = Number(input.NextToken ?? 0);
      const NextToken = at + 1 < pages.length ? String(at + 1) : undefined;
      return Promise.resolve({ AccountIds: pages[at], NextToken });
    };
    return bot.inspect({ ssm: { send } as unknown as SSMClient }, context);
  };

  // DescribeDocument: moto has no documents of AWS. DescribeDocumentPermission: it knows no pages.
  test.each(['Amazon', '999999999999'])('documents of %s are left alone', async (owner) => {
    expect(await read(owner, [['all']])).toBeUndefined();
  });

  test('who may use it is read to the last page', async () => {
    const state = await read(target.account, [PARTNERS.slice(1), PARTNERS.slice(0, 1), ['All']]);
    expect(state).toEqual({ public: true, accounts: PARTNERS });
  });

  test('undo shares the same version, and takes back who was named instead', () => {
    const steps = bot.undo(open, { ...context, now: { ...closed, accounts: PARTNERS } });
    if ('irreversible' in steps) throw new Error(steps.irreversible);
    expect(steps.map(({ ssm }) => ssm.input)).toEqual([
      {
        Name: 'patching',
        PermissionType: 'Share',
        AccountIdsToAdd: ['all'],
        AccountIdsToRemove: PARTNERS,
        SharedDocumentVersion: '$LATEST',
      },
    ]);
  });

  test('undo does not write what has become public again', () => {
    expect(bot.undo(open, { ...context, now: open })).toEqual([]);
  });

  test('CloudBots’ words', () => {
    const entry = catalogue.find(({ id }) => id === bot.id);
    const given = { params: { accounts: PARTNERS } };
    expect(entry && readWords(entry, [`AccountIdToAdd=${PARTNERS.join()}`])).toEqual(given);
    expect(entry && readWords(entry, PARTNERS)).toEqual(given);
    expect(entry && readWords(entry, ['all'])).toHaveProperty('wrong');
  });
});
