import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { createNodeResolver, flatConfigs as importX } from 'eslint-plugin-import-x';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

// 部屋の向き: scripts → site, exercises, solutions, chapters → chapters/support → datasets。
// 逆向きの import はここで見つけます。
const rooms = [
  {
    target: './datasets',
    from: ['./chapters', './exercises', './solutions', './scripts', './site'],
  },
  { target: './chapters/support', from: ['./exercises', './solutions', './scripts', './site'] },
  { target: './chapters', from: ['./exercises', './solutions', './scripts', './site'] },
  { target: ['./exercises', './solutions'], from: './scripts' },
  // ページの型だけは、両方の部屋で使います。
  { target: './site', from: './scripts', except: ['./site/types.ts'] },
];

export default defineConfig(
  {
    ignores: [
      'node_modules',
      '.cache',
      'site/dist',
      'outputs',
      'datasets/cache',
      // AssemblyScript は TypeScript ではないので、型つきの規則を当てられません(asc が型を調べます)。
      'chapters/support/kernels/assembly',
      'chapters/support/kernels/built',
    ],
  },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  importX.typescript,
  prettier,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js', 'scripts/grade.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { 'import-x': importX.recommended.plugins['import-x'] },
    settings: {
      'import-x/ignore': ['node_modules'],
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js'] })],
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // 添字で読むたびに undefined を調べるとループの主題が見えなくなるので、長さが明らかなところの `!` を許します。
      '@typescript-eslint/no-non-null-assertion': 'off',
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-restricted-paths': ['error', { zones: rooms }],
    },
  },
  {
    // 手つかずの演習では、引数も import も await もまだ使われていません。学習者がこれから使います。
    files: ['exercises/*/*.ts'],
    ignores: ['exercises/*/*.spec.ts', 'exercises/support/**'],
    rules: {
      '@typescript-eslint/no-unused-vars': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
);
