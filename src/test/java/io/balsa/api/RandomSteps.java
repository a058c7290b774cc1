package io.balsa.api;

/** Random steps of one family, from a seed. */
interface RandomSteps {
  Step next();

  /** Takes the reference's answer, so that the next requests use revisions near its own. */
  void saw(Step step, String answer);
}
