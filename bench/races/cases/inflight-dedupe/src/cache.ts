/** A cache in memory. Callers that come while a value is being loaded share the load. */
export class CacheService {
  private readonly values = new Map<string, unknown>();
  private readonly loading = new Map<string, Promise<unknown>>();

  async dedup<T>(key: string, load: () => Promise<T>): Promise<T> {
    if (this.values.has(key)) return this.values.get(key) as T;
    const underWay = this.loading.get(key) as Promise<T> | undefined;
    if (underWay) return underWay;
    const promise = load()
      .then((value) => {
        this.values.set(key, value);
        return value;
      })
      .finally(() => this.loading.delete(key));
    this.loading.set(key, promise);
    return promise;
  }
}
