import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { ConfigFault } from '../../contracts/config/fault.ts';
import type { Annotations } from './annotations.ts';
import { placeIn } from './split.ts';
import type { PolicyText } from './split.ts';

/** A policy that Cedar has read and whose annotations hold. */
export interface LoadedPolicy extends Annotations {
  readonly source: PolicyText;
  readonly json: PolicyJson;
}

/** A policy that cannot be used, with its place and the remedy. */
export type PolicyFault = ConfigFault;

export function faultAt(source: PolicyText, id: string, message: string, remedy: string, byteOffset = 0): PolicyFault {
  return {
    file: `policies/${source.file}`,
    ...placeIn(source, byteOffset),
    path: id === '' ? '' : `@id("${id}")`,
    message,
    remedy,
  };
}
