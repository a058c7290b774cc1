package io.balsa.mutants;

/** A mutant that cannot be run; the message gives the reason in one line. */
public final class BadMutant extends Exception {
  private static final long serialVersionUID = 1;

  BadMutant(String message) {
    super(message);
  }
}
