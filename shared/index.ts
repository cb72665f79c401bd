/** What config.ts imports from `selfheal`. */
export { defineConfig } from './config';
export type { Config } from './config';
export { presets } from './presets/presets';
