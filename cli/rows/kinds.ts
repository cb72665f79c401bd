/** What rows may be sorted by. */
export const SORTS = ['severity', 'age', 'account', 'bot', 'resource'] as const;

/** See {@link SORTS}. */
export type Sort = (typeof SORTS)[number];

/** What rows may be counted by. */
export const GROUPS = ['bot', 'account', 'severity', 'region', 'source', 'resource'] as const;

/** See {@link GROUPS}. */
export type Group = (typeof GROUPS)[number];
