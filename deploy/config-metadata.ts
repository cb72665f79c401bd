/** The config that a stack was deployed with, in the metadata of its template, where the command line reads it. */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Config } from '../shared/config';

const KEY = 'SelfhealConfig';

/** The metadata of the template. Packed, so that no word of a config is taken for one of CloudFormation or Serverless. */
export function configMetadata(config: Config): Readonly<Record<string, string>> {
  return { [KEY]: gzipSync(JSON.stringify(config), { level: 9 }).toString('base64') };
}

/** The config in a template; `undefined` where it was packaged by a version that put none there. */
export function configIn(template: string): Config | undefined {
  const packed = new RegExp(`"${KEY}"\\s*:\\s*"([\\w+/=]+)"`).exec(template)?.[1];
  if (packed === undefined) return undefined;
  return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString('utf8')) as Config;
}
