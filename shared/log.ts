/** One line of JSON a message: a fixed text to search for, and fields. Lambda's log takes it as it is. */
export function log(level: 'info' | 'warn' | 'error', message: string, fields: object = {}): void {
  console[level](JSON.stringify({ level, message, ...fields }));
}
