/**
 * A place in a document as text, in the manner of a JSON pointer (RFC 6901): `/spec/containers/[0]/image`. Places in lists stand in
 * brackets, so that they are no names; a name that begins with one is written with `~2`.
 */
export const pointerTo = (names: readonly (string | number)[]): string =>
  names.map((name) => `/${typeof name === 'number' ? `[${String(name)}]` : escaped(name)}`).join('');

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1').replace(/^\[/, '~2');

/** The names on the way, without places in lists. */
export const namesOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .filter((segment) => !/^\[[0-9]+\]$/.test(segment))
    .map((segment) => segment.replace(/^~2/, '[').replaceAll('~1', '/').replaceAll('~0', '~'));
