import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * The layers of runtime/src, from the bottom up. A folder may import itself and the lines above it, never the
 * lines below (ARCHITECTURE.md, "Imports go one way").
 */
const LAYERS = [
  ['errors.ts'],
  ['model'],
  ['coders', 'windowing'],
  ['schemas'],
  ['transforms'],
  ['io'],
  ['graph'],
  ['executor'],
  ['engine'],
  ['cache'],
  ['display'],
  ['proto'],
  ['capture'],
  ['portable'],
  ['runners'],
  ['interactive'],
  ['promote'],
  ['testing'],
];

const above = (row) => LAYERS.slice(row + 1).flat();

const layerRules = LAYERS.flatMap((names, row) =>
  names
    .filter((name) => !name.endsWith('.ts'))
    .map((name) => ({
      files: [`runtime/src/${name}/**/*.ts`],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            patterns: [
              ...above(row).map((layer) => ({
                regex: `^(\\.\\./)+${layer}(/|$)`,
                message: `Imports go one way: ${name}/ stands below ${layer}/`,
              })),
              {
                regex: '^(\\.\\./)+index\\.(ts|js)$',
                message: 'The package entry is for users, not for layers',
              },
              { regex: '^@millrace/', message: 'runtime/ knows nothing of the kernel or the extension' },
              { regex: '^millrace(/|$)', message: 'Inside runtime/ import by relative path' },
            ],
          },
        ],
      },
    })),
);

export default tseslint.config(
  { ignores: ['**/dist/**', '.venv*/**', '**/node_modules/**', '.setup/**', 'runtime/src/proto/gen/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['runtime/tsconfig.json', 'kernel/tsconfig.json', 'test/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  ...layerRules,
  {
    files: ['kernel/src/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: 'runtime/(src|dist)', message: "kernel/ uses millrace's public exports only" },
            { regex: '^@millrace/lab', message: 'kernel/ stands below the extension' },
          ],
        },
      ],
    },
  },
  {
    // A project of the user's, whose tests Node's own runner waits for.
    files: ['kernel/src/export/template/test/*.ts'],
    rules: { '@typescript-eslint/no-floating-promises': 'off' },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        Buffer: 'readonly',
        performance: 'readonly',
        fetch: 'readonly',
        AbortController: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
      },
    },
  },
);
