import { parseRegExpLiteral, visitRegExpAST, type AST } from '@eslint-community/regexpp';

/** Makes texts against a pattern: all that matches again and again, all but its end, and every repetition pumped up. */
export function hostileTexts(literal: RegExp, length: number): readonly string[] {
  const { pattern, flags } = parseRegExpLiteral(literal);
  const write = writer(flags.raw.replaceAll(/[gy]/g, ''));
  const whole = write(pattern);
  const texts = ['a', '1', ' ', '-', '"', '=', 'ab12 ', '1 2-', whole, whole.slice(0, -1), `${whole}\0`].filter(
    Boolean,
  );
  const pumped: string[] = [];
  visitRegExpAST(pattern, {
    onQuantifierEnter(node) {
      if (node.max < 2) return;
      const before = writtenBefore(node, write);
      const filled = fill(write(node.element) || 'a', length - before.length);
      pumped.push(`${before}${filled}\0`, before + filled, fill(`${before}${fill(write(node.element), 90)}\0`, length));
    },
  });
  return [...texts.map((text) => fill(text, length)), ...pumped];
}

const fill = (piece: string, length: number): string =>
  piece === '' || length <= 0 ? '' : piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

type Write = (node: AST.Pattern | AST.Element) => string;

/** The least text of a part: its first alternative, every repetition as often as it must be, and once where it need not. */
function writer(flags: string): Write {
  const write: Write = (node) => {
    switch (node.type) {
      case 'Pattern':
      case 'Group':
      case 'CapturingGroup':
        return (node.alternatives[0]?.elements ?? []).map(write).join('');
      case 'Quantifier':
        return write(node.element).repeat(Math.max(node.min, 1));
      case 'Character':
        return String.fromCodePoint(node.value);
      case 'CharacterClass':
      case 'CharacterSet':
      case 'ExpressionCharacterClass':
        return CANDIDATES.find((one) => new RegExp(`^(?:${node.raw})$`, flags).test(one)) ?? '';
      case 'Assertion':
      case 'Backreference':
        return '';
    }
  };
  return write;
}

const CANDIDATES = [
  '0',
  'a',
  'A',
  ...Array.from('129bBfFxX -+=:.,/_@\'"\\%&#(){}[]<>|\t\n'),
  '\u00e9',
  '\u2010',
  '\u200b',
];

/** What stands before a part, from the beginning of the pattern. */
function writtenBefore(node: AST.Node, write: Write): string {
  const { parent } = node;
  if (parent === null) return '';
  if (parent.type !== 'Alternative') return writtenBefore(parent, write);
  const index = parent.elements.findIndex((element) => element === node);
  return writtenBefore(parent, write) + parent.elements.slice(0, index).map(write).join('');
}
