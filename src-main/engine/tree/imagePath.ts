/**
 * A path in an image as people type it, in the form that the engine uses: '/' between names (either slash is
 * accepted, several count as one), one leading '/', none at the end. The root, and nothing at all, is '/'.
 */
export function canonicalImagePath(path: string): string {
  return '/' + pathNames(path).join('/');
}

/** Names of a path, root first. */
export function pathNames(path: string): string[] {
  return path.split(/[/\\]+/).filter((name) => name !== '');
}
