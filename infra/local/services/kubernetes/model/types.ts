import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

export interface Field {
  readonly name: string;
  /** In the protobuf form; absent: not read from it. */
  readonly number?: number;
  /** `string`, `int`, …, or the name of a shape of types.yaml. */
  readonly type: string;
  readonly list: boolean;
  /** What tells the items of a list apart; `value`: they are plain values. */
  readonly key?: string;
  readonly about?: string;
}

export type Shape = ReadonlyMap<string, Field>;

const NOTATION = /^(\d+|-) (\[?)([A-Za-z-]+)\]?(?: by (\w+))?(?: -- (.+))?$/;

const fileSchema = z.record(z.string(), z.record(z.string(), z.string()));

/** The shapes of types.yaml, by name. */
export const SHAPES: ReadonlyMap<string, Shape> = readShapes();

function readShapes(): ReadonlyMap<string, Shape> {
  const text = readFileSync(join(import.meta.dirname, 'types.yaml'), 'utf8');
  const file = fileSchema.parse(parse(text));
  return new Map(
    Object.entries(file).map(([name, fields]): [string, Shape] => [
      name,
      new Map(Object.entries(fields).map(([field, notation]) => [field, readField(`${name}.${field}`, notation)])),
    ]),
  );
}

function readField(path: string, notation: string): Field {
  const [whole, number = '', bracket, type = '', key, about] = NOTATION.exec(notation) ?? [];
  if (whole === undefined) throw new Error(`types.yaml: ${path} is not NUMBER TYPE: ${notation}`);
  return {
    name: path.slice(path.indexOf('.') + 1),
    ...(number === '-' ? {} : { number: Number(number) }),
    type,
    list: bracket === '[',
    ...(key === undefined ? {} : { key }),
    ...(about === undefined ? {} : { about }),
  };
}
