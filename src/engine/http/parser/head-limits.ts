/**
 * How large the head of a request may be before the front refuses it with 431. If the app has its own limit, the front
 * passes on everything that the app may accept, and the app itself refuses the rest, as without Concurrent Server.
 */

export interface HeadLimits {
  /** Bytes of a head, including its final empty line. */
  readonly bytes: number;
  /** Field lines of a head. */
  readonly fields: number;
}

const KIB = 1024;

/**
 * For apps without limits of their own, which are Python apps. Django's `runserver` accepts lines of 64 KiB, waitress
 * heads of 256 KiB, uvicorn with httptools any head. Node accepts 1,000 fields; before Node 24 it drops the others.
 */
export const HEAD_LIMITS: HeadLimits = { bytes: 128 * KIB, fields: 1000 };

/** No app gets longer heads, even if it allows them: a client can make the front keep one per connection. */
const MOST_BYTES = 16 * KIB * KIB;

/**
 * The limits after a worker has reported its own. They never shrink: older code may still serve after a reload, and a
 * worker itself refuses larger heads.
 * @param fields 0: any number
 */
export function widened(limits: HeadLimits, { bytes, fields }: HeadLimits): HeadLimits {
  return {
    bytes: Math.min(Math.max(limits.bytes, bytes), MOST_BYTES),
    fields: Math.max(limits.fields, fields === 0 ? Number.POSITIVE_INFINITY : fields),
  };
}
