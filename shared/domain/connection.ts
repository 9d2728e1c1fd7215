/** A named target. What else the connector needs (ARNs, database, server) is in its own part of the configuration. */
export interface ConnectionFacts {
  readonly name: string;
  readonly kind: string;
  readonly environment: string;
}
