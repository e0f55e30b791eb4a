/** Paths inside an image: '/' between names, the root is '/'. */

/** The path of an entry of a directory. */
export function childPath(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`;
}

/** The directory that an entry is in; the root is in itself. */
export function parentPath(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut <= 0 ? '/' : path.slice(0, cut);
}

/** The last name of a path; '' for the root. */
export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether a path is `directory` or lies below it. */
export function isWithin(path: string, directory: string): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`);
}

/** The directories above a path, from the root down, and the path itself. */
export function pathSteps(path: string): { readonly name: string; readonly path: string }[] {
  const steps = [{ name: '', path: '/' }];
  for (const name of path.split('/')) {
    if (name !== '') steps.push({ name, path: childPath(steps[steps.length - 1].path, name) });
  }
  return steps;
}

/** What a person typed or copied, as a path inside an image: either slash, with or without the drive. */
export function typedPath(text: string): string {
  const names = text
    .trim()
    .replace(/^[a-z]:/i, '')
    .split(/[\\/]+/)
    .filter((name) => name !== '');
  return `/${names.join('/')}`;
}

/** Names are told apart as Windows does it: not by their case. */
export function sameName(a: string, b: string): boolean {
  return a.toUpperCase() === b.toUpperCase();
}
