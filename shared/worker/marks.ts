import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { CLIENT_DEFAULTS } from '../aws/clients';

/** What the ids of marks begin with, in the journal's table: the coordinator's role may write these alone. */
export const MARKS = 'told/';

/** Whoever has begun and does not end within this time is taken to have failed. */
const LEASE_MS = 5 * 60_000;
const KEEP_SECONDS = 400 * 86_400;

/** Does things once, whoever else is about to. */
export interface Marks {
  /**
   * Does the work unless it has been done under this key, or somebody else is at it. What fails is done again later:
   * twice rather than never. Whether it was done now.
   */
  readonly once: (key: string, work: () => Promise<void>) => Promise<boolean>;
}

/** Marks in the journal's table. */
export function marks(
  table: string,
  client = new DynamoDBClient({ ...CLIENT_DEFAULTS }),
  now = Date.now,
): Marks {
  const db = DynamoDBDocumentClient.from(client);
  return {
    once: async (key, work) => {
      const Key = { id: `${MARKS}${key}` };
      try {
        await db.send(
          new UpdateCommand({
            ...{ TableName: table, Key },
            UpdateExpression: 'SET lease = :lease, expiresAt = :expires',
            ConditionExpression:
              'attribute_not_exists(done) AND (attribute_not_exists(lease) OR lease < :now)',
            ExpressionAttributeValues: {
              ...{ ':lease': now() + LEASE_MS, ':now': now() },
              ':expires': Math.floor(now() / 1000) + KEEP_SECONDS,
            },
          }),
        );
      } catch (error) {
        if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
        throw error;
      }
      await work();
      await db.send(
        new UpdateCommand({
          ...{ TableName: table, Key },
          UpdateExpression: 'SET done = :yes',
          ExpressionAttributeValues: { ':yes': true },
        }),
      );
      return true;
    },
  };
}
