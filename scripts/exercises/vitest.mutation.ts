import { pathToFileURL } from 'node:url';
import { defineConfig } from 'vitest/config';

// 変異テスト(npm run mutation)のための設定です。採点が読みこむ演習を、解答に置きかえます。
export default defineConfig({
  plugins: [
    {
      name: 'solutions-in-place',
      enforce: 'pre',
      resolveId(source, importer) {
        if (importer === undefined || !source.startsWith('.')) return undefined;
        const url = new URL(source, pathToFileURL(importer));
        const path = decodeURI(url.pathname).replace(/^\/(?=[A-Za-z]:)/, '');
        return /\/exercises\/\d[^/]*\/\d\d-[^/]*(?<!\.spec)\.ts$/.test(path)
          ? path.replace('/exercises/', '/solutions/')
          : undefined;
      },
    },
  ],
  test: {
    include: process.env['MUTATED_SPECS']?.split(',') ?? ['exercises/**/*.spec.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
