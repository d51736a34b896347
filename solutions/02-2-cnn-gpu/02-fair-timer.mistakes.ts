import type { Mistake } from '#exercise';

const measure = (body: string, result: string): string => `const times: number[] = [];
for (let i = 0; i < warmUp + repeats; i++) {
${body}
}
${result}`;
const median = 'times.sort((a, b) => a - b);\nreturn times[(repeats - 1) / 2]!;';

export const mistakes: readonly Mistake[] = [
  {
    name: '装置の終わりを待たない',
    replace: [['await drain(); // 計算が終わるのを待ってから、', '']],
    caught: 'drain を 1 回も呼んでいません',
  },
  {
    name: 'drain の await を忘れる',
    replace: [['await drain();', 'void drain();']],
    caught: 'drain が終わる前に',
  },
  {
    name: '時計を早く読む',
    answer: measure(
      `  const started = now();
  await step();
  const finished = now();
  await drain();
  if (i >= warmUp) times.push(finished - started);`,
      median,
    ),
    caught: 'drain が終わる前に',
  },
  {
    name: 'step の await を忘れる',
    replace: [['await step();', 'void step();']],
    caught: 'step が終わる前に',
  },
  {
    name: '準備運動をしない',
    replace: [
      ['i < warmUp + repeats', 'i < repeats'],
      ['if (i >= warmUp) times.push', 'times.push'],
    ],
    caught: '準備運動をしていない',
  },
  {
    name: '準備運動の回も数える',
    replace: [
      ['if (i >= warmUp) times.push', 'times.push'],
      ['(repeats - 1) / 2', 'Math.floor((times.length - 1) / 2)'],
    ],
    caught: '準備運動の回の時間も',
  },
  {
    name: '準備運動で drain を待たない',
    answer: `for (let i = 0; i < warmUp; i++) await step();
const times: number[] = [];
for (let i = 0; i < repeats; i++) {
  const started = now();
  await step();
  await drain();
  times.push(now() - started);
}
${median}`,
    caught: '前の回の計算が残ったまま',
  },
  {
    name: '平均を返す',
    replace: [
      [
        'return times[(repeats - 1) / 2]!',
        'return times.reduce((sum, time) => sum + time, 0) / repeats',
      ],
    ],
    caught: '平均を返している',
  },
  {
    name: 'いちばん速い回を返す',
    replace: [['times[(repeats - 1) / 2]!', 'times[0]!']],
    caught: 'いちばん速い回',
  },
  {
    name: '並べかえない',
    replace: [['times.sort((a, b) => a - b);', '']],
    caught: '小さい順に並べずに',
  },
  {
    name: '文字として並べる',
    replace: [['times.sort((a, b) => a - b)', 'times.sort()']],
    caught: '文字として',
  },
  {
    name: '全部をまとめて測って割る',
    answer: `for (let i = 0; i < warmUp; i++) {
  await step();
  await drain();
}
const started = now();
for (let i = 0; i < repeats; i++) await step();
await drain();
return (now() - started) / repeats;`,
    caught: '1 回ごとに drain',
  },
  {
    name: '自分の時計を使う',
    replace: [
      ['const started = now();', 'const started = performance.now();'],
      ['const finished = now();', 'const finished = performance.now();'],
    ],
    caught: '渡された時計 now を',
  },
  {
    name: '時刻を返す',
    replace: [['times.push(finished - started)', 'times.push(finished)']],
    caught: '時刻そのもの',
  },
  {
    name: '最後に 1 回多く測る',
    replace: [
      ['i < warmUp + repeats', 'i <= warmUp + repeats'],
      ['times[(repeats - 1) / 2]!', 'times[Math.floor(times.length / 2)]!'],
    ],
    caught: '繰り返しの始まりと終わり',
  },
];
