/** The Python environment of the tests; test/run.mjs makes it before they start. */

/** Absolute path of its interpreter. Throws the reason if there is none, so that no test is skipped silently. */
export function testPython(): string {
  const { CONCURRENT_SERVER_TEST_PYTHON: python, CONCURRENT_SERVER_TEST_PYTHON_MISSING: missing } =
    process.env;
  if (python !== undefined) return python;
  throw new Error(missing ?? 'Run the tests by `node test/run.mjs`, which makes their Python environment.');
}
