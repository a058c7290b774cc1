package io.balsa.api;

/** Random steps of one family, from a seed. */
interface RandomSteps {
  Step next();

  /** What the reference answered, so that the next requests are near its revisions. */
  void saw(Step step, String answer);
}
