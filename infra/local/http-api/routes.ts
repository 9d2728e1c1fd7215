/** One route of the HTTP API, such as `GET /v1/sessions/{id}`, and the function behind it. */
export type Route = { readonly routeKey: string; readonly functionArn: string; readonly timeoutSeconds: number };

export type RouteMatch = { readonly route: Route; readonly pathParameters: Readonly<Record<string, string>> };

type Compiled = {
  readonly route: Route;
  readonly method: string;
  readonly segments: readonly string[];
  readonly rank: number;
};

export type Router = (method: string, path: string) => RouteMatch | undefined;

/**
 * The most specific route wins, as API Gateway chooses: a fixed segment before `{name}` before a greedy `{name+}`
 * before `$default`, and a named method before ANY
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html).
 */
export function createRouter(routes: readonly Route[]): Router {
  const compiled = routes.map(compile).sort((left, right) => left.rank - right.rank);
  return (method, path) => {
    for (const candidate of compiled) {
      const pathParameters = match(candidate, method, path);
      if (pathParameters !== undefined) return { route: candidate.route, pathParameters };
    }
    return undefined;
  };
}

function compile(route: Route): Compiled {
  if (route.routeKey === '$default')
    return { route, method: 'ANY', segments: ['{proxy+}'], rank: Number.MAX_SAFE_INTEGER };
  const [method = '', path = ''] = route.routeKey.split(' ');
  if (!path.startsWith('/')) throw new Error(`route key ${route.routeKey} is not "METHOD /path"`);
  const segments = path.slice(1).split('/');
  return { route, method, segments, rank: rankOf(method, segments) };
}

/** Digits of base 4, most significant first, so that the leftmost difference decides. At most 12 segments count. */
function rankOf(method: string, segments: readonly string[]): number {
  const digits = Array.from({ length: 12 }, (_, index) => digitOf(segments[index]));
  return digits.reduce((sum, digit) => sum * 4 + digit, 0) * 2 + (method === 'ANY' ? 1 : 0);
}

function digitOf(segment: string | undefined): number {
  if (!segment?.startsWith('{')) return 0;
  return segment.endsWith('+}') ? 2 : 1;
}

function match(candidate: Compiled, method: string, path: string): Record<string, string> | undefined {
  if (candidate.method !== 'ANY' && candidate.method !== method) return undefined;
  const given = path.slice(1).split('/');
  const found: [string, string][] = [];
  for (const [index, segment] of candidate.segments.entries()) {
    if (segment.endsWith('+}')) return collect(found, segment.slice(1, -2), given.slice(index).join('/'));
    const value = given[index];
    if (value === undefined) return undefined;
    if (!segment.startsWith('{')) {
      if (segment !== value) return undefined;
    } else if (value === '') return undefined;
    else found.push([segment.slice(1, -1), value]);
  }
  return given.length === candidate.segments.length ? decodeAll(found) : undefined;
}

const collect = (found: [string, string][], name: string, rest: string): Record<string, string> | undefined =>
  decodeAll([...found, [name, rest]]);

/** Path parameters arrive decoded; a path that is no valid percent-encoding matches nothing. */
function decodeAll(found: readonly [string, string][]): Record<string, string> | undefined {
  try {
    return Object.fromEntries(found.map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    return undefined;
  }
}
