package io.balsa.model;

import io.balsa.bytes.Check;

/**
 * Who asks for a command. A client's revision is at least 1. A log entry from before users existed
 * has no user and the revision 0, which means the server itself; users could not be on then.
 *
 * @param user the name of the user; empty for the server, and for a client without identity
 * @param authRevision the revision of the users and roles at which the identity was found out; 0
 *     for the server
 */
public record Caller(String user, long authRevision) {
  /** The server itself: its commands are never judged. */
  public static final Caller SERVER = new Caller("", 0);

  /**
   * A client without identity.
   *
   * @param authRevision at least 1
   */
  public static Caller nobody(long authRevision) {
    Check.that(authRevision >= 1, "a client's revision is at least 1");
    return new Caller("", authRevision);
  }

  /**
   * A client that has shown that it is a user.
   *
   * @param user not empty
   * @param authRevision at least 1
   */
  public static Caller of(String user, long authRevision) {
    Check.that(!user.isEmpty() && authRevision >= 1, "a user has a name, and a revision from 1 on");
    return new Caller(user, authRevision);
  }

  public boolean isServer() {
    return user.isEmpty() && authRevision == 0;
  }
}
