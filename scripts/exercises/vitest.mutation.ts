import { posix } from 'node:path';
import { defineConfig } from 'vitest/config';
import { toSlashes } from './catalog.ts';

// 変異テスト(npm run mutation)のための設定です。採点が読みこむ演習を、解答に置きかえます。
export default defineConfig({
  plugins: [
    {
      name: 'solutions-in-place',
      enforce: 'pre',
      resolveId(source, importer) {
        if (importer === undefined || !source.startsWith('.')) return undefined;
        const path = posix.join(posix.dirname(toSlashes(importer)), source);
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
