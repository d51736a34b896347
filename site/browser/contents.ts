/** 目次を働かせます。広い画面では開いておき、いま読んでいる見出しに印を付けます。 */
export function setUpContents(): void {
  const wide = matchMedia('(min-width: 75rem)');
  const open = (): void => {
    if (!wide.matches) return;
    for (const menu of document.querySelectorAll('details[data-wide]')) {
      menu.setAttribute('open', '');
    }
  };
  open();
  wide.addEventListener('change', open);

  const links = new Map<string, HTMLAnchorElement>();
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.contents a')) {
    links.set(decodeURIComponent(link.hash.slice(1)), link);
    // 狭い画面では、選んだら目次をたたみます
    link.addEventListener('click', () => {
      if (!wide.matches) link.closest('details')?.removeAttribute('open');
    });
  }
  const headings = [...links.keys()].map((id) => document.getElementById(id)!);
  if (headings.length === 0) return;
  let current: HTMLAnchorElement | undefined;
  const follow = (): void => {
    const passed = headings.findLast((heading) => heading.getBoundingClientRect().top < 120);
    const link = links.get((passed ?? headings[0]!).id)!;
    if (link === current) return;
    current?.removeAttribute('aria-current');
    link.setAttribute('aria-current', 'location');
    current = link;
    keepVisible(link);
  };
  let waiting = false;
  const followSoon = (): void => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      follow();
    });
  };
  addEventListener('scroll', followSoon, { passive: true });
  followSoon(); // ほかの部品を置き終えてから測ります。すぐに測ると、ページを 2 度並べることになります
}

/** ページは動かさず、目次の箱の中だけを動かします。 */
function keepVisible(link: HTMLElement): void {
  const box = link.closest('details');
  if (box === null || box.scrollHeight <= box.clientHeight) return;
  const { top, bottom } = link.getBoundingClientRect();
  const frame = box.getBoundingClientRect();
  if (top < frame.top + 40 || bottom > frame.bottom - 40) {
    box.scrollTop += top - frame.top - frame.height / 2;
  }
}
