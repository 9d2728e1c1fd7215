import { randomUUID } from 'node:crypto';
import type { WireResponse } from '../wire/http-server.ts';
import { element, xml } from './xml.ts';

/** A refusal in S3's words (Amazon S3 API Reference, Error responses). */
export interface S3Error {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const refuse = (
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): { ok: false; error: S3Error } => ({ ok: false, error: { status, code, message, headers } });

export const notImplemented = (what: string): { ok: false; error: S3Error } =>
  refuse(501, 'NotImplemented', `embedded S3 does not implement ${what}`);

export const accessDenied = (message: string): { ok: false; error: S3Error } => refuse(403, 'AccessDenied', message);

export function errorResponse(problem: S3Error): WireResponse {
  const id = randomUUID();
  const body = xml('Error', [
    element('Code', problem.code),
    element('Message', problem.message),
    element('RequestId', id),
  ]);
  return { status: problem.status, headers: { ...problem.headers, ...common(id) }, body };
}

export const xmlResponse = (body: string): WireResponse => ({ status: 200, headers: common(randomUUID()), body });

export const emptyResponse = (status: number, headers: Readonly<Record<string, string>> = {}): WireResponse => ({
  status,
  headers: { 'x-amz-request-id': randomUUID(), ...headers },
  body: '',
});

const common = (id: string): Record<string, string> => ({ 'content-type': 'application/xml', 'x-amz-request-id': id });
