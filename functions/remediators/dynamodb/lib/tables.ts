import { DescribeTableCommand, DynamoDBClient, type TableDescription } from '@aws-sdk/client-dynamodb';
import { readiness } from '../../../../shared/bot/obstacles';

/** What all bots on DynamoDB tables share. */
export const TABLE = {
  resource: 'AWS::DynamoDB::Table',
  clients: { dynamodb: DynamoDBClient },
  gone: ['ResourceNotFoundException', 'TableNotFoundException'],
} as const;

/** A table; `undefined`: there is none, or it is being deleted. */
export async function tableNow(
  dynamodb: DynamoDBClient,
  TableName: string,
): Promise<TableDescription | undefined> {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
  return Table?.TableStatus === 'DELETING' ? undefined : Table;
}

/** Why a table in this state takes no changes now; `undefined`: it does. Source: DynamoDB API, TableStatus. */
export const notReady = readiness('DynamoDB', 'ACTIVE', /^(?!(CREATING|UPDATING)$)/);
