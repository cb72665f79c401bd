/** By this name Lambda says that there is no such function, and that it has no policy or URL. */
export const NO_SUCH_FUNCTION = 'ResourceNotFoundException';

/**
 * Why this function is left alone; `undefined`: it is not. Copies of a Lambda@Edge function are named after the
 * region of the function itself, and no other name has a dot. Source: CloudFront Developer Guide, Lambda@Edge.
 */
export function untouchableFunction(name: string): string | undefined {
  if (name.includes('.')) {
    return `${name} is a copy that CloudFront made, which cannot be changed: act on the function in us-east-1`;
  }
  return /(^|:)selfheal-/.test(name)
    ? `${name} is a function of selfheal, which would stop itself: change it by hand`
    : undefined;
}

/** The version or alias that the ARN of a function names: `live` of `arn:…:function:orders:live`. */
export function qualifierOf(arn = ''): string | undefined {
  return arn.split(':')[7];
}
