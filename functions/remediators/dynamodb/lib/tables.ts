import { DescribeTableCommand, DynamoDBClient, type TableDescription } from '@aws-sdk/client-dynamodb';

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
export function notReady(status: string) {
  if (status === 'ACTIVE') return undefined;
  return /^(CREATING|UPDATING)$/.test(status)
    ? { waiting: `it is ${status}, and DynamoDB changes only what is ACTIVE` }
    : { held: `DynamoDB changes no table that is ${status}: make it ACTIVE first` };
}
