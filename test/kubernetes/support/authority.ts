import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverTls, type ServerTls } from '../../../infra/local/tls/certificates.ts';

/** A server's certificate, and the authority behind it, that nothing else knows. */
export function ownTls(): ServerTls {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-tls-'));
  try {
    return serverTls(folder, new Date());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const otherAuthority = (): string => ownTls().ca;
