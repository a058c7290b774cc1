package io.balsa.check;

/** A way to find an order of one key's operations, or that there is none. */
sealed interface Strategy permits Search, RegisterSearch {
  /** How a run ended. */
  enum Ending {
    LEGAL,
    ILLEGAL,
    OUT_OF_STEPS,
    OUT_OF_MEMORY
  }

  /** Searches from the beginning. */
  Ending run(long stepsMax, long memoryBytesMax);

  /** The steps of the last run. */
  long steps();

  /** Why the last run ended illegal. */
  Verdict.Illegal counterExample();
}
