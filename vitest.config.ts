import { defineConfig } from 'vitest/config';

// 教材そのもののテスト(*.test.ts)です。演習の採点(*.spec.ts)とは別に走ります。
export default defineConfig({
  test: {
    include: ['{chapters,datasets,exercises,scripts}/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
