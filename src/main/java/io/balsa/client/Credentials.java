package io.balsa.client;

/** Who a client is. Texts of it show no secret. */
public sealed interface Credentials {
  /**
   * A user with a password: the client asks for a token with them, and for another one when the
   * servers no longer accept the first.
   */
  record Password(String user, String password) implements Credentials {
    @Override
    public String toString() {
      return "Password[user=" + user + "]";
    }
  }

  /**
   * A token that another program has made, such as a signed JWT. It cannot be renewed.
   *
   * @param text what is sent as {@code token}
   */
  record Token(String text) implements Credentials {
    @Override
    public String toString() {
      return "Token[]";
    }
  }
}
