package io.balsa.bytes;

/** Checks of invariants, which stay on in production: a server stops rather than go on wrongly. */
public final class Check {
  private Check() {}

  /**
   * Throws {@link BrokenInvariant} when the condition does not hold.
   *
   * @param condition what must be true
   * @param claim the invariant as a constant sentence; never built at the call
   */
  public static void that(boolean condition, String claim) {
    if (!condition) {
      throw new BrokenInvariant(claim);
    }
  }

  /** A broken invariant: the owner of the thread stops the process. */
  public static final class BrokenInvariant extends IllegalStateException {
    private static final long serialVersionUID = 1;

    BrokenInvariant(String claim) {
      super("broken invariant: " + claim);
    }
  }
}
