/**
 * What a TypeScript file of this project exports, compiled with what it imports, and kept until a source changes.
 *
 * @throws Error with one line, `file:line: what is wrong`, where it does not compile.
 */
export function loadCompiled(file: string): unknown;
