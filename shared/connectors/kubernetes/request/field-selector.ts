/**
 * The object that a field selector pins by `metadata.name=NAME`, as `RequiresExactMatch` of apimachinery does; empty when it
 * pins none. `\,` `\=` and `\\` are the escapes of apimachinery's fields package.
 */
export function pinnedName(selector: string): string {
  for (const term of split(selector)) {
    const [, field, , value] = /^((?:[^\\=!]|\\.|!(?!=))*)(==?|!=)(.*)$/s.exec(term) ?? [];
    if (field !== 'metadata.name' || term.startsWith('metadata.name!=')) continue;
    const name = (value ?? '').replaceAll(/\\([\\,=])/g, '$1');
    // A name that cannot be a segment of a path is one that no object has.
    return name === '.' || name === '..' || /[/%]/.test(name) ? '' : name;
  }
  return '';
}

/** At commas that no backslash escapes. */
function split(selector: string): string[] {
  const terms = [''];
  for (let at = 0; at < selector.length; at += 1) {
    const character = selector.charAt(at);
    if (character === ',') terms.push('');
    else {
      const taken = character === '\\' ? character + selector.charAt(at + 1) : character;
      at += taken.length - 1;
      terms.push((terms.pop() ?? '') + taken);
    }
  }
  return terms;
}
