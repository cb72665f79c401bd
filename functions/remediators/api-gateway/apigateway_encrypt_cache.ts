import { STAGE, methodPath, patchStage, readStage } from './lib/stage';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'apigateway_encrypt_cache',
  title: 'Encrypt the cache of a stage in API Gateway',
  attribute: 'cached without encryption',
  severity: 'medium',
  risk: 'safe',
  permissions: { read: ['apigateway:GET'], write: ['apigateway:PATCH'] },
  ...STAGE,

  async inspect({ apigateway }, { target: { id } }) {
    const stage = await readStage(apigateway, id);
    const inClear = Object.entries(stage.methodSettings ?? {}).filter(
      ([, { cachingEnabled, cacheDataEncrypted }]) => cachingEnabled && !cacheDataEncrypted,
    );
    const status = stage.cacheClusterEnabled ? (stage.cacheClusterStatus ?? '') : 'NOT_AVAILABLE';
    return { is: inClear.map(([method]) => method).sort(), status };
  },
  want: [],
  says: ({ is }) => `the cache keeps answers of ${is.join(', ')} in the clear: encrypt it`,
  obstacle({ status }) {
    if (status === 'NOT_AVAILABLE') return { notApplicable: 'the stage has no cache' };
    return status.endsWith('_IN_PROGRESS') ? { waiting: `the cache is ${status}` } : undefined;
  },
  write(inClear, { target: { id } }, { is }) {
    const changed = [...is, ...inClear].filter((method) => is.includes(method) !== inClear.includes(method));
    const values = changed.map(
      (method) => [`${methodPath(method)}/caching/dataEncrypted`, String(is.includes(method))] as const,
    );
    return { apigateway: patchStage(id, Object.fromEntries(values)) };
  },
});
