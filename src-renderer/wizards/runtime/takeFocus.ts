/** A ref that moves the focus to what takes the place of a page: the control that was used is gone. */
export function takeFocus(element: HTMLElement | null): void {
  element?.focus({ preventScroll: true });
}
