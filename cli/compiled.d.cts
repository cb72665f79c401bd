/**
 * What a TypeScript file exports, compiled with what it imports, and kept until a source changes, unless `isKept` is
 * `false`.
 *
 * @throws Error with one line, `file:line: what is wrong`, where it does not compile.
 */
export function loadCompiled(file: string, isKept?: boolean): unknown;
