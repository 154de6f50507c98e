/** Matches the routes of a random delay or an overlap: globs over the path, with an optional method before them. */
import picomatch from 'picomatch';

/** Matches `METHOD /path` of a request. */
export type RouteMatcher = (route: string) => boolean;

/** @param globs such as `/api/**` or `POST /cart/*`; an empty list matches every route */
export function routeMatcher(globs: readonly string[]): RouteMatcher {
  if (globs.length === 0) return () => true;
  const matchers = globs.map((glob) => {
    const [, method, path] = /^(?:([A-Za-z]+) +)?(.*)$/.exec(glob.trim())!;
    const matches = picomatch(path!, { dot: true });
    return (route: string) => {
      const at = route.indexOf(' ');
      if (method !== undefined && route.slice(0, at) !== method.toUpperCase()) return false;
      return matches(route.slice(at + 1));
    };
  });
  return (route) => matchers.some((matches) => matches(route));
}
