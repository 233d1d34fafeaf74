/**
 * Hands the focus on before a button goes away by what it does: to the same button of the row beside it, or to the section that holds it.
 * Without this the browser drops the focus to the page's beginning.
 */
export function handOnFocus(from: HTMLElement): void {
  const row = from.closest('li');
  const buttonsOf = (element: Element | null | undefined) => [
    ...(element?.querySelectorAll<HTMLElement>('button') ?? []),
  ];
  const place = buttonsOf(row).indexOf(from);
  const beside = [row?.nextElementSibling, row?.previousElementSibling].flatMap(
    (other) => buttonsOf(other)[place] ?? [],
  );
  const section = from.closest('section');
  if (section && !section.hasAttribute('tabindex')) section.tabIndex = -1;
  (beside[0] ?? section)?.focus();
}
