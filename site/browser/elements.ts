/**
 * クラスの付いた要素を作ります。
 *
 * @param name - 要素の名前。
 * @param className - クラス。
 * @returns 作った要素。
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
): HTMLElementTagNameMap[Name] {
  const created = document.createElement(name);
  created.className = className;
  return created;
}
