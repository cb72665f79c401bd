import { digest } from '../digest';
import type { Place } from '../place';
import type { Post } from '../slack';
import type { Messages } from './channel';
import { NotTold } from './line';

/** As many get a message each. */
const SINGLES = 5;

/** Another channel of Slack, told as the first one is. */
export function slackChannel(place: Place, name: string, post: Post): Messages {
  return {
    keeps: 'nothing',
    singles: SINGLES,
    async send(news, until) {
      const tellings = news.flatMap(({ telling }) => telling ?? []);
      const [only, ...others] = tellings;
      if (!only) return;
      const message =
        others.length === 0
          ? only.message()
          : digest(
              tellings.map(({ summary }) => summary),
              place,
            );
      const posted = await post(message, until);
      if (!posted.posted)
        throw new NotTold(`${name}: ${posted.reason}`, { stop: posted.stop, passes: false });
    },
  };
}
