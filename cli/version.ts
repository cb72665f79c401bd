/** The version of this package. */
export function version(): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- at run time, beside the sources
  return (require('../package.json') as { version: string }).version;
}
