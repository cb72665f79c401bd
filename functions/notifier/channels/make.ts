import { type NotificationChannel, channelName } from '../../../shared/config/notifications';
import type { Place } from '../place';
import { poster } from '../slack';
import { keptSecret } from '../../../shared/kept-secret';
import { webhook as slackWebhook } from '../webhook';
import type { Channel } from './channel';
import { email } from './email';
import { jira } from './jira';
import { type Line, line } from './line';
import { pagerDuty } from './pagerduty';
import { serviceNow } from './servicenow';
import { slackChannel } from './slack';
import { teams } from './teams';
import type { Told } from './tell';
import { webhookChannel } from './webhook';

/** What is to be stored for each kind of channel. */
const EXAMPLES = {
  jira: 'user@example.com:api-token',
  servicenow: 'user:password',
  pagerduty: 'integration-key',
  teams: 'https://….logic.azure.com/…',
  webhook: 'signing-key',
} as const;

const NAMES = {
  jira: 'Jira',
  servicenow: 'ServiceNow',
  pagerduty: 'PagerDuty',
  teams: 'Microsoft Teams',
  email: 'E-mail',
  webhook: 'The webhook',
  slack: 'Slack',
} as const;

/** The channels of config.ts, by the names that their queues end with. What they keep is kept from batch to batch. */
export function channelsOf(
  notifications: readonly NotificationChannel[],
  place: Place,
  over: Partial<Line> = {},
): ReadonlyMap<string, Told> {
  return new Map(
    notifications.map((given) => {
      const name = channelName(given);
      const { minSeverity, accounts, outcomes } = given;
      return [
        name,
        {
          name,
          channel: channelOf(given, place, over),
          ...(minSeverity && { minSeverity }),
          ...(accounts && { accounts }),
          ...(outcomes && { outcomes }),
        },
      ];
    }),
  );
}

function channelOf(given: NotificationChannel, place: Place, over: Partial<Line>): Channel {
  const name = channelName(given);
  const called = name === given.to ? NAMES[given.to] : `${NAMES[given.to]} (${name})`;
  if (given.to === 'email') return email(given, called);
  const source = 'parameter' in given ? { parameter: given.parameter } : { secret: given.secret };
  if (given.to === 'slack') {
    return slackChannel(place, called, poster({ webhook: slackWebhook(source) }));
  }
  const way = line(called, keptSecret({ source, example: EXAMPLES[given.to] }), over);
  switch (given.to) {
    case 'jira':
      return jira(given, way);
    case 'servicenow':
      return serviceNow(given, way);
    case 'pagerduty':
      return pagerDuty(given, way);
    case 'teams':
      return teams(way);
    case 'webhook':
      return webhookChannel(given, place, way);
  }
}
