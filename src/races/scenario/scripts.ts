/** Recognizes the scripts and tests of other clients. They can't run here: a trial must do the same each time. */

export interface Script {
  what: string;
  allowed: string;
  /** The line that ends it; undefined if it is one line long. */
  end: RegExp | undefined;
}

const ALLOWED = 'Use {{login.response.body.$.token}} for values of answers; probes take the place of tests.';

/** @param inRequest whether the request line stands above; before it, `<` can only be a script */
export function startsScript(line: string, inRequest: boolean): Script | undefined {
  const text = line.trim();
  if (/^[<>]\s*\{%/.test(text)) return script(text.includes('%}') ? undefined : /%\}/);
  if (/^\{\{(?:[@+]?\s*(?:request|response|responseLogging|streaming|after)?|[@+]\w*)$/.test(text))
    return script(/^\s*\}\}\s*$/);
  if (/^\?\?\s/.test(text)) return script(undefined, 'Tests (??) are not run');
  if (/^>\s+(?:\S+\.m?[jt]s|\.{0,2}\/\S+)$/.test(text) || (!inRequest && /^<\s/.test(text)))
    return script(undefined);
  return undefined;
}

function script(end: RegExp | undefined, what = 'Scripts are not run'): Script {
  return { what, allowed: ALLOWED, end };
}
