import type { KubernetesConnection } from '../../contracts/config/connection.ts';
import { ok } from '../../platform/result.ts';
import type { Connector } from '../connector.ts';
import { flowsOf } from './analysis/flows.ts';
import { read } from './analysis/index.ts';
import type { KubernetesApi } from './api.ts';
import { kindsOf, takeCatalogue } from './catalogue.ts';
import { createKubernetesExecutor, credentialFor } from './execute/executor.ts';
import { whyNotCarried } from './execute/streams.ts';
import { lineageOf } from './lineage.ts';
import { createKubernetesPreview } from './preview/index.ts';
import { readRequest } from './request/index.ts';

/** Kubernetes: a request is read as its API server reads it, and sent again from what was understood. */
export function createKubernetesConnector(api: KubernetesApi): Connector<KubernetesConnection> {
  return {
    kind: 'kubernetes',
    analyze: (statement, _catalogue, { registries }) => {
      const reading = read(statement, registries);
      if (!reading.ok) return Promise.resolve(reading);
      const { effects, request, body } = reading.value;
      return Promise.resolve(ok({ effects, ...flowsOf(request, body), needsCatalogue: false }));
    },
    lineage: (statement) => Promise.resolve(lineageOf(statement)),
    // What a request is about stands in its path: no name has to be looked up to judge it.
    catalogue: (connection) => takeCatalogue(api, connection),
    objects: kindsOf,
    credential: credentialFor,
    whyNotRun: (statement) => {
      const request = readRequest(statement);
      return request.ok ? whyNotCarried(request.value) : undefined;
    },
    preview: createKubernetesPreview(api),
    execute: createKubernetesExecutor(api),
  };
}
