/**
 * An UpdateItem that sets fields and removes others. What is `undefined` is left as it is. Source: DynamoDB, UpdateItem.
 */
export function updateOf(fields: Readonly<Record<string, unknown>>, gone: readonly string[] = []) {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const names = [...given.map(([name]) => name), ...gone];
  const set = given.map((_, index) => `#n${index} = :v${index}`);
  const remove = gone.map((_, index) => `#n${given.length + index}`);
  return {
    UpdateExpression: `SET ${set.join(', ')}${gone.length > 0 ? ` REMOVE ${remove.join(', ')}` : ''}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#n${index}`, name])),
    ExpressionAttributeValues: Object.fromEntries(given.map(([, value], index) => [`:v${index}`, value])),
  };
}
