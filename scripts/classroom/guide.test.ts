import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '#platform';
import { loadExercises, type Exercise } from '../grading/exercises.ts';

const exerciseRow =
  /^\|(?: \d \|)? (授業中|宿題) \| \[([\d-]+)\]\([^)]*\/([^/)]+)\.ts\) \| (.+) \| (\d+) 分 \|$/gm;
let exercises: ReadonlyMap<string, Exercise>;
let sections: ReadonlyMap<string, string>;

beforeAll(async () => {
  const text = await readFile(join(projectRoot, 'chapters/教える人へ/シラバス.md'), 'utf8');
  exercises = new Map((await loadExercises(projectRoot)).map((one) => [one.id, one]));
  sections = new Map(
    text.split(/^## /m).map((part) => [part.slice(0, part.indexOf('\n')), part] as const),
  );
});

const lessons = (): [string, string][] =>
  [...sections].filter(([title]) => /^第 \d 回/.test(title));
const rowsOf = (text: string): { when: string; id: string; minutes: number }[] =>
  [...text.matchAll(exerciseRow)].map(([, when, id, , , minutes]) => ({
    ...{ when: when!, id: id!, minutes: Number(minutes) },
  }));
const minutesOf = (text: string, when: string): number =>
  rowsOf(text).reduce((sum, row) => sum + (row.when === when ? row.minutes : 0), 0);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('シラバス', () => {
  it('8 回の授業の分は、どれも足すと 90 になる', () => {
    expect(lessons()).toHaveLength(8);
    for (const [title, text] of lessons()) {
      const minutes = [...text.matchAll(/^\| (\d+) \| /gm)].map(([, value]) => Number(value));
      expect(sum(minutes), title).toBe(90);
    }
  });

  it('4 回の授業の分も、足すと 90 になる', () => {
    const rows = [...sections.get('4 回の短い計画')!.matchAll(/^\| \d \|.*\| ([^|]+\d) \|$/gm)];
    expect(rows).toHaveLength(4);
    for (const [row, plan] of rows) {
      const minutes = plan!.split('、').map((step) => Number(/(\d+)$/.exec(step)?.[1]));
      expect(sum(minutes), row).toBe(90);
    }
  });

  it('演習の題、ファイル、目安は、演習の一覧と同じ', () => {
    for (const [title, text] of sections) {
      for (const [row, , id, file, name, minutes] of text.matchAll(exerciseRow)) {
        const { name: wanted, title: heading, minutes: time } = exercises.get(id!)!;
        expect([file, name, Number(minutes)], `${title}: ${row}`).toEqual([wanted, heading, time]);
      }
    }
  });

  it('授業中と宿題の目安の合計は、表を足したもの', () => {
    for (const [title, text] of [...lessons(), ...[...sections].slice(-1)]) {
      const written = /授業中が (\d+) 分、宿題が (\d+) 分/.exec(text)!;
      expect([Number(written[1]), Number(written[2])], title).toEqual([
        minutesOf(text, '授業中'),
        minutesOf(text, '宿題'),
      ]);
    }
  });

  it('全体の表は、それぞれの回の演習と合う', () => {
    const whole = sections.get('全体の表')!;
    for (const [title, text] of lessons()) {
      const number = /\d/.exec(title)![0];
      const [, ids, minutes] = new RegExp(
        `^\\| ${number} \\|.*\\| ([^|]+) \\| (\\d+) 分 \\|$`,
        'm',
      ).exec(whole)!;
      const inClass = rowsOf(text).filter(({ when }) => when === '授業中');
      expect(ids!.split('、').sort(), title).toEqual(inClass.map(({ id }) => id).sort());
      expect(Number(minutes), title).toBe(minutesOf(text, '宿題'));
    }
  });

  it('使う演習と、もっとやりたい人への演習を合わせると、すべての演習になる', () => {
    const used = lessons().flatMap(([, text]) => rowsOf(text));
    const more = sections.get('もっとやりたい人へ')!;
    const left: string[] = [];
    for (const [row, list, count, minutes] of more.matchAll(
      /^\| \d\d(?:-\d)? \| (.+?) \| (\d+) \| (\d+) 分 \|.*$/gm,
    )) {
      const ids = [...list!.matchAll(/\[([\d-]+)\]/g)].map(([, id]) => id!);
      const time = sum(ids.map((id) => exercises.get(id)!.minutes));
      expect([Number(count), Number(minutes)], row).toEqual([ids.length, time]);
      left.push(...ids);
    }
    const all = [...used.map(({ id }) => id), ...left];
    expect(all.toSorted()).toEqual([...exercises.keys()].toSorted());
    const whole = sections.get('全体の表')!;
    expect(whole).toContain(
      `全部で ${exercises.size} 題、目安の合計は ${sum([...exercises.values()].map(({ minutes }) => minutes))} 分`,
    );
    const time = (when: string): number =>
      sum(used.map((row) => (row.when === when ? row.minutes : 0)));
    expect(whole).toContain(
      `使うのは ${used.length} 題で、授業中が ${time('授業中')} 分、宿題が ${time('宿題')} 分です。残りの ${left.length} 題`,
    );
  });
});
