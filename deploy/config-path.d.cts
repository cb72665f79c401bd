/** The config that is deployed: config.ts, or the file that SELFHEAL_CONFIG names. */
export function configPath(): string;
