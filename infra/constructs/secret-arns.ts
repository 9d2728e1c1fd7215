/**
 * What IAM must name to match one secret. The full ARN ends in a hyphen and six characters that Secrets Manager chose;
 * an ARN in the configuration may be given with or without them, and which it is cannot be told from the text
 * (`…:orders-reader` has six letters, too). So both: as given, and as given with six more characters.
 */
export function secretResources(arns: readonly string[]): string[] {
  return [...new Set(arns)].flatMap((arn) => [arn, `${arn}-??????`]);
}
