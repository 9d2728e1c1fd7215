import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../../shared/platform/canonical.ts';
import type { JsonObject, JsonValue } from '../../../../shared/platform/json-value.ts';
import { defaultRegion } from '../service.ts';
import { isObject, parseJson } from '../wire/json-input.ts';
import type { Change } from './unit-of-work.ts';

/** A stream record (DynamoDB Streams API, Record): attribute values in the wire's typed form. */
export interface ChangeRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  /** Only on items that the TTL sweep removed. */
  readonly userIdentity?: { readonly type: 'Service'; readonly principalId: 'dynamodb.amazonaws.com' };
  readonly dynamodb: {
    /** Seconds since 1970. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: JsonObject;
    readonly NewImage?: JsonObject;
    readonly OldImage?: JsonObject;
    /** Decimal digits, rising in the order of the writes. */
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
}

export interface RecordContext {
  readonly keyNames: readonly string[];
  readonly viewType: string;
  readonly sequence: string;
  readonly at: Date;
  readonly expired: boolean;
}

/** The record of a change, or `undefined` where AWS writes none: a write that left the item as it was. */
export function recordOf(change: Change, context: RecordContext): ChangeRecord | undefined {
  const before = plain(change.before);
  const after = plain(change.after);
  const item = after ?? before;
  if (item === undefined || same(before, after)) return undefined;
  const images = imagesFor(context.viewType, before, after);
  const keys = Object.fromEntries(context.keyNames.map((name): [string, JsonValue] => [name, item[name] ?? null]));
  return {
    eventID: createHash('md5').update(`${change.table}~${context.sequence}`).digest('hex'),
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: defaultRegion,
    ...(context.expired ? { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } } : {}),
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(context.at.getTime() / 1000),
      Keys: keys,
      ...images,
      SequenceNumber: context.sequence,
      SizeBytes: Buffer.byteLength(JSON.stringify({ keys, ...images })),
      StreamViewType: context.viewType,
    },
  };
}

/** NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES or KEYS_ONLY, as the table's StreamViewType says. */
function imagesFor(
  viewType: string,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
): { NewImage?: JsonObject; OldImage?: JsonObject } {
  const both = viewType === 'NEW_AND_OLD_IMAGES';
  return {
    ...(after !== undefined && (both || viewType === 'NEW_IMAGE') ? { NewImage: after } : {}),
    ...(before !== undefined && (both || viewType === 'OLD_IMAGE') ? { OldImage: before } : {}),
  };
}

/** dynalite builds items on objects without a prototype; a copy over JSON is what a reader of a stream would get. */
function plain(item: JsonObject | undefined): JsonObject | undefined {
  const copy = item === undefined ? undefined : parseJson(JSON.stringify(item));
  return isObject(copy) ? copy : undefined;
}

const same = (one: JsonObject | undefined, other: JsonObject | undefined): boolean =>
  one !== undefined && other !== undefined && canonicalJson(one) === canonicalJson(other);
