import {
  DescribeDocumentCommand,
  DescribeDocumentPermissionCommand,
  type DescribeDocumentPermissionCommandOutput,
  ModifyDocumentPermissionCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { defineBot } from '../../../shared/bot/bot';

const params = z.object({
  accounts: z
    .array(z.string().regex(/^\d{12}$/))
    .max(20)
    .default([])
    .describe('accounts that a public document is shared with instead; SSM takes 20'),
});

export const bot = defineBot({
  id: 'ssm_document_set_private',
  title: 'Stop sharing a Systems Manager document with everyone',
  resource: 'AWS::SSM::Document',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'posture',
  recheck: 'daily',
  params,
  from: { accounts: 'config' },
  words: { order: ['accounts'], names: { AccountIdToAdd: 'accounts' } },
  permissions: {
    read: ['ssm:DescribeDocument', 'ssm:DescribeDocumentPermission'],
    write: ['ssm:ModifyDocumentPermission'],
  },
  clients: { ssm: SSMClient },
  gone: ['InvalidDocument'],

  async inspect({ ssm }, { target: { id: Name, account } }) {
    const { Document } = await ssm.send(new DescribeDocumentCommand({ Name }));
    if (Document?.Owner !== account) return undefined;
    const shares = await sharesOf(ssm, Name);
    const open = shares.find(({ account: one }) => one === ALL);
    const accounts = shares.flatMap((one) => (one === open ? [] : one.account)).sort();
    return {
      public: open !== undefined,
      ...(open?.version !== undefined && { version: open.version }),
      accounts,
    };
  },

  check: (state) => (state.public ? 'everyone can read and run the document' : undefined),

  plan: ({ version }, { target: { id }, params: { accounts } }) => [share(id, accounts, [ALL], version)],

  undo({ version, accounts }, { target: { id }, now }) {
    const added = now.accounts.filter((one) => !accounts.includes(one));
    return now.public ? [] : [share(id, [ALL], added, version)];
  },
});

const ALL = 'all';

async function sharesOf(ssm: SSMClient, Name: string) {
  const shares: { account: string; version: string | undefined }[] = [];
  let NextToken: string | undefined;
  do {
    const page: DescribeDocumentPermissionCommandOutput = await ssm.send(
      new DescribeDocumentPermissionCommand({ Name, PermissionType: 'Share', NextToken }),
    );
    for (const id of page.AccountIds ?? []) {
      const info = page.AccountSharingInfoList?.find(({ AccountId }) => AccountId === id);
      shares.push({ account: id.toLowerCase(), version: info?.SharedDocumentVersion });
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return shares;
}

/** In one call, so that nobody who keeps access is without it in between. */
function share(Name: string, add: readonly string[], remove: readonly string[], version: string | undefined) {
  return {
    ssm: new ModifyDocumentPermissionCommand({
      Name,
      PermissionType: 'Share',
      ...(add.length > 0 && { AccountIdsToAdd: [...add] }),
      ...(remove.length > 0 && { AccountIdsToRemove: [...remove] }),
      ...(add.length > 0 && version !== undefined && { SharedDocumentVersion: version }),
    }),
  };
}
