import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { EmailChannel } from '../../../shared/config/notifications';
import { CLIENT_DEFAULTS } from '../../../shared/aws/clients';
import type { Messages } from './channel';
import { NotTold } from './line';
import type { News } from './news';
import { digestLines, digestTitle, textOf, titleOf } from './text';

/** As many get a mail each. */
const SINGLES = 5;

/** SES's errors that pass by themselves. Source: SES API v2, common errors and SendEmail. */
const PASSING = [
  'TooManyRequestsException',
  'ThrottlingException',
  'InternalServiceErrorException',
  'TimeoutError',
];

/**
 * E-mail by Amazon SES, as text alone: nothing in it is markup.
 *
 * @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 */
export function email(
  { from, recipients, region }: Pick<EmailChannel, 'from' | 'recipients' | 'region'>,
  name: string,
  client: Pick<SESv2Client, 'send'> = new SESv2Client({
    ...CLIENT_DEFAULTS,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 8000, throwOnRequestTimeout: true },
    ...(region !== undefined && { region }),
  }),
): Messages {
  return {
    keeps: 'nothing',
    singles: SINGLES,
    async send(news, until) {
      const [only, ...others] = news;
      if (!only) return;
      const [subject, text] =
        others.length === 0 ? mailOf(only) : [digestTitle(news), digestLines(news).join('\n\n')];
      const left = until - Date.now();
      if (left < 100)
        throw new NotTold(`${name}: the time of this run was up`, { stop: true, passes: false });
      try {
        await client.send(
          new SendEmailCommand({
            FromEmailAddress: from,
            Destination: { ToAddresses: [...recipients] },
            Content: {
              Simple: {
                Subject: { Data: subject, Charset: 'UTF-8' },
                Body: { Text: { Data: text, Charset: 'UTF-8' } },
              },
            },
          }),
          { abortSignal: AbortSignal.timeout(left) },
        );
      } catch (error) {
        throw refusal(error);
      }
    },
  };

  /** The SDK has tried again already. */
  function refusal(error: unknown): NotTold {
    const { name: code, message } = error instanceof Error ? error : new Error(String(error));
    const cure = PASSING.includes(code)
      ? ''
      : `: verify ${from} in SES, leave its sandbox, and see that sending is not paused`;
    return new NotTold(`${name}: SES answered ${code}: ${message}${cure}`, { stop: true, passes: false });
  }
}

function mailOf(news: News): [subject: string, text: string] {
  return [`[selfheal] ${titleOf(news, 150)}`, textOf(news, 20_000)];
}
