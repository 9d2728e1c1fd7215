/** What JSON can say (RFC 8259). Everything that crosses an edge or enters the record is one of these. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [member: string]: JsonValue;
}
