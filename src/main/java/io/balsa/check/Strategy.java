package io.balsa.check;

/** A search for a linearization of one key's operations. */
sealed interface Strategy permits WingGongSearch, RegisterSearch {
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

  /** The counter-example of the last run, which ended {@link Ending#ILLEGAL}. */
  Verdict.Illegal counterExample();
}
