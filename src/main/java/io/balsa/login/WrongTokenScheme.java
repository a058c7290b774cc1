package io.balsa.login;

/** The settings of tokens cannot be used; the message says in one line what is wrong. */
public final class WrongTokenScheme extends Exception {
  private static final long serialVersionUID = 1;

  WrongTokenScheme(String message) {
    super(message);
  }
}
