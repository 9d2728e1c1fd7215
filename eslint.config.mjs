import js from '@eslint/js';
import tseslint from 'typescript-eslint';

// Type-aware rules everywhere; what each layer may import is checked by test/tidy.test.ts, because
// deny-lists in flat config replace each other and silently let imports through.
export default tseslint.config(
  // docs/ holds files to paste into other projects, which stand by themselves.
  { ignores: ['node_modules/', '.countersign/', 'cdk.out/', 'coverage/', 'docs/'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      complexity: ['error', 12],
      'max-depth': ['error', 3],
      'no-console': 'error',
      // `const { unwanted, ...rest }` is the plain way to leave a member out.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
    },
  },
  {
    // `as const` stays allowed under assertionStyle 'never'. Tests may assert shapes they have just checked.
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-assertions': 'off', 'max-depth': 'off', complexity: 'off' },
  },
  { files: ['infra/local/**/*.ts', 'infra/cli/**/*.ts', 'test/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        ...Object.fromEntries(
          ['process', 'console', 'URL', 'URLSearchParams', 'TextEncoder', 'setInterval', 'fetch'].map((name) => [
            name,
            'readonly',
          ]),
        ),
      },
    },
  },
);
