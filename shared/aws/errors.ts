/** The SDK's error names of a resource that is not there become `undefined`; everything else is thrown on. */
export async function undefinedIfGone<T>(
  reply: Promise<T>,
  ...gone: readonly string[]
): Promise<T | undefined> {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof Error && gone.includes(error.name)) return undefined;
    throw error;
  }
}

/**
 * The same for services that say with one name many things, among them that a resource is not there: the sentence
 * tells.
 */
export async function undefinedIf<T>(
  reply: Promise<T>,
  name: string,
  sentence: RegExp,
): Promise<T | undefined> {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof Error && error.name === name && sentence.test(error.message)) return undefined;
    throw error;
  }
}
