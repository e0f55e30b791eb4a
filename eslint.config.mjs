import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { layersRule } from './build/eslint-rules/layers.mjs';

const fsMessage =
  "use platform/rawFs: Electron's fs treats .asar as folders, which would corrupt a captured tree";
const forkMessage = 'child_process.fork does not work in the packaged program: use worker_threads or spawn';

const fs = { regex: '^(node:)?(original-)?fs(/|$)', allowTypeImports: true, message: fsMessage };
const bareBuiltin = {
  regex:
    '^(assert|buffer|child_process|crypto|events|os|path|process|stream|timers|url|util|v8|vm|worker_threads|zlib)(/|$)',
  message: 'write the node: prefix',
};
const electron = {
  regex: '^electron(/|$)',
  allowTypeImports: true,
  message:
    "only src-main/electron and src-main/entry/electron.ts import 'electron': plain Node has no such module",
};
const anyNode = {
  regex: '^node:',
  message: 'src-shared and the renderer run without Node: take it as an argument',
};
const engineNode = {
  regex: '^node:',
  message: 'the engine is pure: what it needs from the operating system comes in through engine/os.ts',
};
const fork = ['node:child_process', 'child_process'].map((name) => ({
  name,
  importNames: ['fork'],
  message: forkMessage,
}));

/**
 * Import restrictions replace each other between blocks, so every area gets its whole list.
 * @param {object[]} patterns
 * @returns {import('eslint').Linter.RulesRecord}
 */
const imports = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': [
    'error',
    { paths: fork, patterns: [bareBuiltin, ...patterns] },
  ],
});

const syntax = [
  {
    selector: 'ExportDefaultDeclaration',
    message: 'export by name: a name that is the same everywhere can be found',
  },
  {
    selector: 'CatchClause > BlockStatement[body.length=0]',
    message: 'no silent catch: handle what you expect and throw the rest',
  },
  {
    selector:
      "CallExpression[callee.property.name='catch'] > ArrowFunctionExpression > BlockStatement[body.length=0]",
    message: 'no silent catch: handle what you expect and throw the rest',
  },
  {
    selector:
      "CallExpression[callee.property.name='catch'] > ArrowFunctionExpression > Identifier[name='undefined']",
    message: 'no silent catch: handle what you expect and throw the rest',
  },
  { selector: "CallExpression[callee.property.name='fork']", message: forkMessage },
];
const dynamicFs = {
  selector: 'ImportExpression[source.value=/^(node:)?(original-)?fs(\\u002F|$)/]',
  message: fsMessage,
};
const dynamicElectron = { selector: "ImportExpression[source.value='electron']", message: electron.message };

export default defineConfig(
  {
    ignores: [
      'dist/**',
      'out/**',
      'coverage/**',
      // AssemblyScript: its own compiler checks it, and its types are not TypeScript's.
      'src-main/engine/codec/**/kernel/**',
    ],
  },
  { linterOptions: { noInlineConfig: true } },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Index access is unchecked here (typed arrays are everywhere), so this rule would call needed checks needless.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Code points are what a name's spread means here.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // These only ask for another way to write the same.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/prefer-reduce-type-parameter': 'off',
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src-*/**/*.ts', 'src-*/**/*.tsx'],
    ignores: ['**/*.d.ts'],
    plugins: { wimsmith: { rules: { layers: layersRule } } },
    rules: {
      'wimsmith/layers': 'error',
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...syntax, dynamicFs, dynamicElectron],
      ...imports(fs, electron),
    },
  },
  { files: ['src-shared/**', 'src-renderer/**'], rules: imports(fs, electron, anyNode) },
  {
    files: ['src-renderer/**/*.ts', 'src-renderer/**/*.tsx'],
    plugins: { 'react-hooks': { rules: reactHooks.rules } },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  { files: ['src-main/engine/**'], rules: imports(fs, electron, engineNode) },
  {
    files: ['src-main/electron/**', 'src-main/entry/electron.ts', 'src-main/entry/preload.ts'],
    rules: { ...imports(fs), 'no-restricted-syntax': ['error', ...syntax, dynamicFs] },
  },
  {
    files: ['src-main/platform/rawFs*.ts', 'src-main/platform/rawFs/**'],
    rules: { ...imports(electron), 'no-restricted-syntax': ['error', ...syntax, dynamicElectron] },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      ...imports(electron),
      'no-restricted-syntax': ['error', ...syntax],
      // A test says what must be there; where it is not, the test fails at that line, which is its purpose.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Matchers such as expect.any() are typed any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  { files: ['**/*.config.mjs'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        ['Buffer', 'URL', 'clearTimeout', 'console', 'performance', 'process', 'setTimeout'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
  },
  {
    files: ['build/**/*.mjs'],
    ignores: ['**/*.config.mjs'],
    rules: { 'no-restricted-syntax': ['error', ...syntax] },
  },
);
