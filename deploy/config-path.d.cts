/** Where selfheal lies: a clone, or the installed package. */
export const ROOT: string;

/**
 * The config that is deployed: the file that SELFHEAL_CONFIG names, or config.ts of the folder in which the command is
 * called, or of the clone. An installed package has none of its own: error with the code NO_CONFIG.
 */
export function configPath(): string;
