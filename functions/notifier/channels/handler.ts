import config from '#config';
import { readVariable } from '../../../shared/worker/environment';
import { lazily } from '../lazily';
import { placeHere } from '../place';
import { book } from './book';
import { channelsOf } from './make';
import { channelTeller } from './tell';

/** The function that Lambda calls, for the queues of all channels. What it needs is made at the first batch. */
export const handler = lazily(() => {
  // What is pressed in a channel goes to the app of its webhook, which need not be the one of approvals.
  const place = { ...placeHere(config), hasButtons: false };
  const channels = channelsOf(config.notifications ?? [], place);
  const prefix = `selfheal-${place.stage}-notify-`;
  return channelTeller({
    // arn:aws:sqs:eu-west-1:111122223333:selfheal-prod-notify-jira
    channelOf: (arn) => channels.get(arn.slice(arn.lastIndexOf(':') + 1).replace(prefix, '')),
    book: book(readVariable('SELFHEAL_JOURNAL_TABLE')),
    place,
  });
});
