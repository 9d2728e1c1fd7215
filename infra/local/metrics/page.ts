import type { Handle } from '../http-api/server.ts';
import type { MetricsRegistry } from './registry.ts';

/** `GET /metrics` of the embedded stack, for a Prometheus on the same machine. On AWS the same numbers are in CloudWatch. */
export const metricsPage =
  (registry: MetricsRegistry): Handle =>
  (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return false;
    response.writeHead(200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'cache-control': 'no-store',
    });
    response.end(registry.text());
    return true;
  };
