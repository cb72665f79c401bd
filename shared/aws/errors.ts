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
