/**
 * Puts text on the clipboard. The desktop window denies every permission, the clipboard's too; there the old way through a
 * selection works, because a person pressed something.
 * @returns whether it is there
 */
export async function copyText(text: string): Promise<boolean> {
  if (window.wimsmith === undefined) {
    const [written] = await Promise.allSettled([navigator.clipboard.writeText(text)]);
    if (written.status === 'fulfilled') return true;
  }
  return copyBySelection(text);
}

function copyBySelection(text: string): boolean {
  const onCopy = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener('copy', onCopy, { capture: true });
  try {
    return runCopy(document);
  } finally {
    document.removeEventListener('copy', onCopy, { capture: true });
  }
}

/** The call is deprecated, and it is the only one that needs no permission. */
function runCopy(page: { execCommand(command: string): boolean }): boolean {
  return page.execCommand('copy');
}
