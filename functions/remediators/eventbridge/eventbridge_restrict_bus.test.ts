import {
  CreateEventBusCommand,
  EventBridgeClient,
  ListEventBusesCommand,
  PutPermissionCommand,
} from '@aws-sdk/client-eventbridge';
import { testSetting } from '../../../testing/setting';
import { bot } from './eventbridge_restrict_bus';

testSetting(bot, {
  wrong: false,
  right: true,
  given: async ({ client }, hasPolicy) => {
    const events = client(EventBridgeClient);
    for (const Name of ['neighbour', 'orders']) {
      await events.send(new CreateEventBusCommand({ Name, Tags: [{ Key: 'team', Value: 'web' }] }));
      if (!hasPolicy) continue;
      const statement = { StatementId: 'other', Principal: '444455556666', Action: 'events:PutEvents' };
      await events.send(new PutPermissionCommand({ EventBusName: Name, ...statement }));
    }
    return 'orders';
  },
  violation: 'the event bus has no policy',
  writes: ['events:PutPermission'],
  untouched: async ({ client }, id) => {
    const { EventBuses = [] } = await client(EventBridgeClient).send(new ListEventBusesCommand({}));
    return EventBuses.map(({ Policy, LastModifiedTime, ...bus }) =>
      bus.Name === id ? bus : { ...bus, Policy, LastModifiedTime },
    );
  },
  gone: 'no-such-bus',
  more: { compliant: [{ name: 'the default bus', given: () => Promise.resolve('default') }] },
});
