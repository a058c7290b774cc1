package io.balsa.api;

/** The identities of the access matrix. Root is the last one, because its calls change things. */
enum AccessWho {
  /** Sends no token. */
  NOBODY,
  /** Sends a token that no server ever gave. */
  BAD_TOKEN,
  /** Sends a token that the leader has ended. */
  EXPIRED_TOKEN,
  /** A user without a role. */
  NO_RIGHTS,
  /** May read the keys from m to n. */
  READER,
  /** May write the keys from m to n. */
  WRITER,
  /** May do both. */
  BOTH,
  ROOT;

  /** The name of the user; also its password. */
  String user() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  boolean hasUser() {
    return compareTo(NO_RIGHTS) >= 0;
  }
}
