import { create } from 'zustand';

/** Views that the rail and links lead to. */
export const viewNames = [
  'images',
  'image',
  'disks',
  'drivers',
  'wizard',
  'jobs',
  'practice',
  'settings',
] as const;
export type ViewName = (typeof viewNames)[number];

/**
 * Where the window is: a view and its parameters, kept in the address after '#', so that reload, back and forward work.
 * image: wim, image, tab, path. disks: disk, volume, path. drivers: tab, package, set. wizard: name (capture, append, apply, info, prepare, drivers) and what
 * to start it with. jobs: id.
 */
export interface Route {
  readonly view: ViewName;
  readonly params: Readonly<Record<string, string>>;
}

export const useRoute = create<Route>(() => parseRoute(location.hash));

window.addEventListener('hashchange', () => useRoute.setState(parseRoute(location.hash), true));

/** The address part of a route. */
export function routeHash({ view, params }: Route): string {
  const query = new URLSearchParams(params).toString();
  return `#/${view}${query === '' ? '' : `?${query}`}`;
}

/** A route from the address; what is not known leads to the images. */
export function parseRoute(hash: string): Route {
  const [place = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const view = viewNames.find((name) => name === place) ?? 'images';
  return { view, params: Object.fromEntries(new URLSearchParams(query)) };
}

/** Goes to a view. `replace` changes the place without a step to go back to. */
export function navigate(
  view: ViewName,
  params: Readonly<Record<string, string>> = {},
  replace = false,
): void {
  const route = { view, params };
  if (replace) {
    history.replaceState(history.state, '', routeHash(route));
    useRoute.setState(route, true);
  } else {
    location.hash = routeHash(route);
  }
}

/** Changes parameters of the present view; undefined takes one away. */
export function setParams(changes: Readonly<Record<string, string | undefined>>, replace = true): void {
  const { view, params } = useRoute.getState();
  const next: Record<string, string> = { ...params };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) Reflect.deleteProperty(next, name);
    else next[name] = value;
  }
  navigate(view, next, replace);
}
