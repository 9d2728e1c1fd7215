import { generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import forge from 'node-forge';
import { writeWhole } from '../services/durable/file.ts';

/** What a TLS server needs, as PEM, and the file of the CA that its clients pin. */
export interface ServerTls {
  readonly key: string;
  readonly cert: string;
  readonly caFile: string;
  readonly ca: string;
}

/** CA/Browser Forum's and Apple's most for a server certificate is 825 days; a laptop's state folder rarely lives so long. */
const DAYS = 800;
/** Renewed before it ends, so that a stack that runs for weeks does not meet the end of it. */
const RENEW_DAYS = 60;
const DAY_MS = 86_400_000;

/**
 * A CA of this state folder alone, and a certificate for 127.0.0.1 and localhost signed by it. kubectl sends no token over
 * plain http, so what kubectl talks to needs TLS. Made once and kept in `stateDir/tls`, its keys readable by their owner
 * alone; nobody's trust store is touched: clients name the CA's file.
 */
export function serverTls(stateDir: string, now: Date): ServerTls {
  const folder = join(stateDir, 'tls');
  const caFile = join(folder, 'ca.pem');
  const kept = readKept(folder, now);
  if (kept !== undefined) return { ...kept, caFile };
  const ca = certificate({ name: 'Countersign embedded CA', now });
  const server = certificate({ name: '127.0.0.1', now, issuer: ca });
  // The CA's key is not kept: nothing else is ever to be signed by it.
  writeWhole(join(folder, 'server.key'), server.key);
  writeWhole(join(folder, 'server.pem'), server.cert);
  writeWhole(caFile, ca.cert);
  return { key: server.key, cert: server.cert, ca: ca.cert, caFile };
}

function readKept(folder: string, now: Date): Omit<ServerTls, 'caFile'> | undefined {
  try {
    const [key, cert, ca] = ['server.key', 'server.pem', 'ca.pem'].map((name) =>
      readFileSync(join(folder, name), 'utf8'),
    );
    if (key === undefined || cert === undefined || ca === undefined) return undefined;
    const server = new X509Certificate(cert);
    const fresh = server.validToDate.getTime() - now.getTime() > RENEW_DAYS * DAY_MS;
    // A crash between two of the three files leaves parts of different sets.
    return fresh && server.verify(new X509Certificate(ca).publicKey) ? { key, cert, ca } : undefined;
  } catch {
    return undefined;
  }
}

interface Pair {
  readonly key: string;
  readonly cert: string;
  readonly name: string;
}

function certificate({ name, now, issuer }: { name: string; now: Date; issuer?: Pair }): Pair {
  // Node's RSA is native; forge's own generation would take seconds.
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const made = forge.pki.createCertificate();
  made.publicKey = forge.pki.publicKeyFromPem(publicKey);
  // Positive and at most 20 octets (RFC 5280, 4.1.2.2).
  made.serialNumber = `00${randomBytes(16).toString('hex')}`;
  made.validity.notBefore = new Date(now.getTime() - DAY_MS);
  made.validity.notAfter = new Date(now.getTime() + DAYS * DAY_MS);
  made.setSubject([{ name: 'commonName', value: name }]);
  made.setIssuer([{ name: 'commonName', value: issuer?.name ?? name }]);
  made.setExtensions(issuer === undefined ? CA_EXTENSIONS : SERVER_EXTENSIONS);
  made.sign(forge.pki.privateKeyFromPem(issuer?.key ?? privateKey), forge.md.sha256.create());
  return { key: privateKey, cert: forge.pki.certificateToPem(made), name };
}

const CA_EXTENSIONS = [
  { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
  { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  { name: 'subjectKeyIdentifier' },
];

const SERVER_EXTENSIONS = [
  { name: 'basicConstraints', cA: false, critical: true },
  { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
  { name: 'extKeyUsage', serverAuth: true },
  {
    name: 'subjectAltName',
    altNames: [
      { type: 2, value: 'localhost' },
      { type: 7, ip: '127.0.0.1' },
      { type: 7, ip: '::1' },
    ],
  },
];
