import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import {
  AddUserToGroupCommand,
  GetGroupPolicyCommand,
  IAMClient,
  RemoveUserFromGroupCommand,
  paginateListAttachedGroupPolicies,
  paginateListGroupPolicies,
  paginateListGroupsForUser,
} from '@aws-sdk/client-iam';
import * as z from 'zod';
import { managedEffects } from './lib/effects';
import { inlineOf } from './lib/inline';
import { eventsIn } from '../../../shared/aws/trail';
import { USER } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

const MINUTE_MS = 60_000;

const params = z.object({
  group: z
    .string()
    .regex(/^[\w+=,.@-]{0,128}$/)
    .default('')
    .describe('the group to take the user out of; empty: the one that CloudTrail says the user was added to'),
  eventTime: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('when the user was added, give or take 15 minutes; not given: in the hours before now'),
  hours: z.int().min(1).max(168).default(24).describe('how far back the event is looked for'),
});

export const bot = defineBot({
  ...USER,
  id: 'iam_user_detach',
  title: 'Take an IAM user out of the group that it was added to',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  params,
  from: { group: 'config', eventTime: 'finding', hours: 'config' },
  words: { order: ['group'] },
  permissions: {
    read: [
      'cloudtrail:LookupEvents',
      'iam:ListGroupsForUser',
      'iam:ListAttachedGroupPolicies',
      'iam:GetPolicy',
      'iam:GetPolicyVersion',
      'iam:ListGroupPolicies',
      'iam:GetGroupPolicy',
    ],
    write: ['iam:RemoveUserFromGroup'],
    undo: ['iam:AddUserToGroup'],
  },
  clients: { iam: IAMClient, cloudtrail: CloudTrailClient },

  async inspect({ iam, cloudtrail }, { target: { id }, params: given }): Promise<State> {
    const memberOf: string[] = [];
    for await (const { Groups = [] } of paginateListGroupsForUser({ client: iam }, { UserName: id }))
      memberOf.push(...Groups.map(({ GroupName = '' }) => GroupName));
    const joined = given.group === '' ? await joinedBy(cloudtrail, id, given) : [given.group];
    const groups: Group[] = [];
    for (const name of joined.filter((one) => memberOf.includes(one)))
      groups.push({ name, denies: await deniesAnything(iam, name) });
    return { found: joined.length > 0, groups };
  },

  check({ found, groups }) {
    if (!found) return 'CloudTrail does not say to which group the user was added';
    const names = groups.map(({ name }) => name);
    return names.length > 0 ? `the user was added to the group ${names.join(', ')}` : undefined;
  },

  plan({ found, groups: [group, ...others] }, { target: { id: UserName } }) {
    if (!found) return { waiting: 'CloudTrail has no AddUserToGroup of the user in that time' };
    if (!group || others.length > 0)
      return { held: 'the user was added to several groups: say which is meant, group=<name>' };
    if (group.denies)
      return { held: `the group ${group.name} denies something, and to leave it would give rights` };
    return [{ iam: new RemoveUserFromGroupCommand({ UserName, GroupName: group.name }) }];
  },

  undo: ({ groups }, { target: { id: UserName }, now }) =>
    groups
      .filter(({ name }) => !now.groups.some((group) => group.name === name))
      .map(({ name: GroupName }) => ({ iam: new AddUserToGroupCommand({ UserName, GroupName }) })),

  footprint: ({ groups }) => ({ groups }),
});

interface Group {
  readonly name: string;
  readonly denies: boolean;
}

interface State {
  /** Whether it is known which group is meant. */
  readonly found: boolean;
  /** Those that are meant and have the user. */
  readonly groups: readonly Group[];
}

/** The groups to which the user was added, by the events of that time. */
async function joinedBy(
  client: CloudTrailClient,
  user: string,
  { eventTime, hours }: z.output<typeof params>,
): Promise<string[]> {
  const now = Date.now();
  const at = eventTime === undefined ? undefined : Date.parse(eventTime);
  const names = ['AddUserToGroup'];
  const events = await eventsIn(client, {
    by: { key: 'EventName', value: 'AddUserToGroup' },
    names,
    from: new Date(at === undefined ? now - hours * 60 * MINUTE_MS : at - 15 * MINUTE_MS),
    to: new Date(at === undefined ? now : at + 15 * MINUTE_MS),
  });
  const groups = events
    .filter(({ request }) => request.userName === user)
    .flatMap(({ request: { groupName } }) => (typeof groupName === 'string' ? [groupName] : []));
  return [...new Set(groups)].sort();
}

async function deniesAnything(client: IAMClient, GroupName: string): Promise<boolean> {
  for await (const { AttachedPolicies = [] } of paginateListAttachedGroupPolicies(
    { client },
    { GroupName },
  )) {
    for (const { PolicyArn = '' } of AttachedPolicies)
      if ((await managedEffects(client, PolicyArn)).denies) return true;
  }
  const inline = await inlineOf(paginateListGroupPolicies({ client }, { GroupName }), async (PolicyName) =>
    client.send(new GetGroupPolicyCommand({ GroupName, PolicyName })),
  );
  return inline.some(({ denies }) => denies);
}
