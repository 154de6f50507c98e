/**
 * How large the head of a request may be before the front refuses it with 431. Where the app has a limit of its own,
 * the front passes on all that the app may take, and the app refuses the rest by itself, as without us.
 */

export interface HeadLimits {
  /** Bytes of a head, with its final empty line. */
  readonly bytes: number;
  /** Field lines of a head. */
  readonly fields: number;
}

const KIB = 1024;

/**
 * For apps that have no limits of their own, which are those in Python. Django's `runserver` takes lines of 64 KiB,
 * waitress heads of 256 KiB, uvicorn with httptools any head. Node takes 1,000 fields; before Node 24 it drops the others.
 */
export const HEAD_LIMITS: HeadLimits = { bytes: 128 * KIB, fields: 1000 };

/** No app gets longer heads, whatever it allows: a client can make the front keep one for each connection. */
const MOST_BYTES = 16 * KIB * KIB;

/**
 * The limits after a worker has reported its own. They never shrink: the code before a reload may still serve, and a
 * worker itself refuses what is too much for it.
 * @param fields 0: any number
 */
export function widened(limits: HeadLimits, { bytes, fields }: HeadLimits): HeadLimits {
  return {
    bytes: Math.min(Math.max(limits.bytes, bytes), MOST_BYTES),
    fields: Math.max(limits.fields, fields === 0 ? Number.POSITIVE_INFINITY : fields),
  };
}
