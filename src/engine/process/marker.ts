/** How processes of one server are told from all others: a variable that everything the app starts inherits. */
export const MARKER_VARIABLE = 'CONCURRENT_SERVER_ID';
