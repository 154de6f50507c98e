/**
 * The results of a scenario: figures, each with its samples by subject and round, and its targets. Texts for numbers
 * are made here, so the terminal and the document agree.
 */
import { median, pairedMedian } from './stats.mjs';

const thousands = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export const units = {
  perSecond: (value) => `${thousands.format(value)}/s`,
  ms: (value) => `${value < 10 ? value.toFixed(value < 1 ? 3 : 1) : thousands.format(value)} ms`,
  megabytes: (value) => `${(value / 1e6).toFixed(1)} MB`,
  percent: (value) => `${value.toFixed(1)} %`,
  count: (value) => thousands.format(value),
};

const samplesOf = (figure, name) => figure.samples[name] ?? [];
const has = (figure, name) => samplesOf(figure, name).length > 0;

/** Against another subject, round by round: as a multiple. */
export function ratio(figure, name, base) {
  return pairedMedian(samplesOf(figure, name), samplesOf(figure, base), (a, b) => a / b);
}

/** Against another subject, round by round: as a difference. */
export function difference(figure, name, base) {
  return pairedMedian(samplesOf(figure, name), samplesOf(figure, base), (a, b) => a - b);
}

/** The target of at least `least` times the best of `bases`. */
export function atLeastTimes(least, bases, words) {
  return {
    words,
    judge(figure, name) {
      const present = bases.filter((base) => has(figure, base));
      if (!has(figure, name) || present.length === 0) return undefined;
      const got = Math.min(...present.map((base) => ratio(figure, name, base)));
      return { got: got.toFixed(2), reached: got >= least };
    },
  };
}

/** The target of at most `most` above bare. */
export function atMostAboveBare(most, words) {
  return {
    words,
    judge(figure, name) {
      if (!has(figure, name) || !has(figure, 'bare')) return undefined;
      const got = difference(figure, name, 'bare');
      return { got: signed(figure.unit(got)), reached: got <= most };
    },
  };
}

/** The target of a median of at most `most`. */
export function atMost(most, words, only = () => true) {
  return {
    words,
    judge(figure, name) {
      if (!has(figure, name) || !only(name)) return undefined;
      const got = median(samplesOf(figure, name));
      return { got: figure.unit(got), reached: got <= most };
    },
  };
}

/** One subject's result in one figure: the median, details, and the comparison with bare. */
export function cell(figure, name) {
  if (!has(figure, name)) return '–';
  const values = samplesOf(figure, name);
  const said = [figure.unit(median(values))];
  if (figure.more) said.push(figure.more(values));
  if (figure.against === 'ratio' && name !== 'bare' && has(figure, 'bare')) {
    said.push(`×${ratio(figure, name, 'bare').toFixed(2)}`);
  }
  if (figure.against === 'difference' && name !== 'bare' && has(figure, 'bare')) {
    said.push(signed(figure.unit(difference(figure, name, 'bare'))));
  }
  return said.join(', ');
}

const signed = (text) => (text.startsWith('-') ? text : `+${text}`);
