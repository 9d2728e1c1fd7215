/**
 * Whether a selector asks for something, and not only for the absence of something: `app!=none`, `!legacy`, `app notin (x)`
 * and `metadata.name!=x` select everything but a few, and `metadata.namespace=prod` everything there. One term that
 * asks is enough, since all terms must hold.
 */
export function narrows(selector: string): boolean {
  // The commas of `in (a, b)` part values, not terms.
  return selector
    .replaceAll(/\([^()]*\)/g, '()')
    .split(',')
    .some((term) => term.trim() !== '' && !EXCLUDES.test(term.trim()));
}

const EXCLUDES = /^!|!=|\snotin\b|^metadata\.namespace\s*=/;
