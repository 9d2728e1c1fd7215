/** One Lambda function as the template describes it, everything resolved. */
export type FunctionSpec = {
  readonly name: string;
  readonly arn: string;
  /** Absolute path of the entry file that exports `handler`. */
  readonly entry: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
};
