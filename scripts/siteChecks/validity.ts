import { HtmlValidate } from 'html-validate';
import type { Problem } from '../problems.ts';

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended'],
  rules: {
    // HTML の決まりでは、大文字でも小文字でも同じです。短く書きやすい小文字にそろえています
    'doctype-style': ['error', { style: 'lowercase' }],
    // 横に長い表は、キーで送れるように、名前の付いた区切りにします。section にすると表ごとに見出しが要ります
    'prefer-native-element': ['error', { exclude: ['region'] }],
    // 見出しの id は、GitHub と同じ付け方です。数字で始まるものも、HTML の決まりに合います
    'valid-id': ['error', { relaxed: true }],
    // 「予想」は、選んだときに答えが開きます。JavaScript がなければ、自分で開けます。送るものはありません
    'wcag/h32': 'off',
  },
});

/**
 * HTML が正しいかを html-validate で調べます。
 *
 * @param pages - ページの道と HTML。
 * @returns 直すべきところ。
 */
export async function checkValidity(pages: ReadonlyMap<string, string>): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [file, html] of pages) {
    const report = await validator.validateString(html, file);
    for (const { messages } of report.results) {
      for (const { line, message, ruleId } of messages) {
        problems.push({ file, line, message: `${message}(html-validate: ${ruleId})` });
      }
    }
  }
  return problems;
}
