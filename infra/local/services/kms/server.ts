import type { EmbeddedService, ServiceOptions } from '../service.ts';
import { machineClock } from '../service.ts';
import { awsJson } from '../wire/aws-json.ts';
import { listen } from '../wire/http-server.ts';
import type { KeySpec } from './model.ts';
import { operations } from './operations.ts';
import { KeyStore } from './store.ts';

/** The largest request is a message of 4,096 bytes and a signature, in base64. */
const maxBodyBytes = 64 * 1024;

export interface EmbeddedKms extends EmbeddedService {
  /** Makes a key under an id that a template already names, unless there is one. CreateKey would choose another id. */
  ensureKey(id: string, spec: KeySpec, description: string): void;
}

/** KMS for signatures and MACs: see operations.ts for what there is. State: `stateDir/kms/keys.json`, mode 0600. */
export async function startKms(options: ServiceOptions): Promise<EmbeddedKms> {
  const { stateDir, host = '127.0.0.1', port = 0, clock = machineClock } = options;
  const store = new KeyStore(stateDir);
  const protocol = awsJson({
    name: 'KMS',
    targetPrefix: 'TrentService',
    contentType: 'application/x-amz-json-1.1',
    host,
    operations: operations(store, clock),
  });
  const server = await listen({ host, port, maxBodyBytes }, protocol);
  return {
    name: 'KMS',
    endpointVariable: 'AWS_ENDPOINT_URL_KMS',
    url: server.url,
    close: () => server.close(),
    ensureKey: (id, spec, description) => {
      if (store.find(id) === undefined) store.create(spec, description, clock().getTime() / 1000, id);
    },
  };
}
