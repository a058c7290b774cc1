package io.balsa.mutants;

/** A mutant that cannot be tried; the message says why in one line. */
public final class BadMutant extends Exception {
  private static final long serialVersionUID = 1;

  BadMutant(String message) {
    super(message);
  }
}
