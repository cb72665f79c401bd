import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { targetSchema } from './resources/target';

/** Asks for a look at every resource of a bot's types in one account and region. */
export const surveySchema = z.object({
  bot: z.string().min(1).max(64),
  account: targetSchema.shape.account,
  region: targetSchema.shape.region,
  /** When what asks for it saw the fault. ISO. */
  seenAt: z.iso.datetime({ offset: true }),
});

/** See {@link surveySchema}. */
export type Survey = z.infer<typeof surveySchema>;

/** Puts a survey on the queue of looks. */
export async function askForSurvey(sqs: SQSClient, QueueUrl: string, survey: Survey): Promise<void> {
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ survey }) }));
}
