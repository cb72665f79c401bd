/** The forms in which rows are handed on. */
export const FORMATS = ['csv', 'jsonl', 'ocsf', 'sarif'] as const;

/** See {@link FORMATS}. */
export type Format = (typeof FORMATS)[number];
