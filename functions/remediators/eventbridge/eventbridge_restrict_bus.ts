import {
  DescribeEventBusCommand,
  EventBridgeClient,
  PutPermissionCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-eventbridge';
import { defineSetting } from '../../../shared/bot/setting';

const StatementId = 'selfheal-own-account';

export const bot = defineSetting({
  id: 'eventbridge_restrict_bus',
  title: 'Give a custom event bus a policy for its own account',
  attribute: 'policy for its own account',
  resource: 'AWS::Events::EventBus',
  severity: 'low',
  risk: 'safe',
  permissions: {
    read: ['events:DescribeEventBus'],
    write: ['events:PutPermission'],
    undo: ['events:RemovePermission'],
  },
  clients: { events: EventBridgeClient },
  gone: ['ResourceNotFoundException'],

  async inspect({ events }, { target: { id } }) {
    const { Policy = '' } = await events.send(new DescribeEventBusCommand({ Name: id }));
    return { is: Policy !== '' };
  },
  want: true,
  says: 'the event bus has no policy',
  obstacle: (_state, { target: { id } }) =>
    id === 'default' || id.startsWith('aws.partner/') ? { notApplicable: 'it is no custom bus' } : undefined,
  write: (on, { target: { id: EventBusName, account: Principal } }) => ({
    events: on
      ? new PutPermissionCommand({ EventBusName, StatementId, Principal, Action: 'events:PutEvents' })
      : new RemovePermissionCommand({ EventBusName, StatementId }),
  }),
});
