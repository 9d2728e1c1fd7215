import type { SqlParameter } from '@aws-sdk/client-rds-data';
import type { DataApiParameter } from '../../connectors/postgres/data-api.ts';

/** A parameter as `SqlParameter`. DECIMAL is the one hint needed: every other type is its own member of `Field`. */
export function toSqlParameter({ name, value }: DataApiParameter): SqlParameter {
  switch (value.kind) {
    case 'null':
      return { name, value: { isNull: true } };
    case 'boolean':
      return { name, value: { booleanValue: value.value } };
    case 'long':
      return { name, value: { longValue: value.value } };
    case 'decimal':
      return { name, value: { stringValue: value.value }, typeHint: 'DECIMAL' };
    case 'text':
      return { name, value: { stringValue: value.value } };
  }
}
