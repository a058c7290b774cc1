package io.balsa.api;

import java.util.EnumSet;
import java.util.Set;

/** What a request of the access matrix needs; it gives the verdict for each identity. */
enum AccessNeed {
  /** Nothing. */
  OPEN,
  /** No login, but a token that is sent must be right. */
  NO_BAD_TOKEN(
      AccessWho.NOBODY, AccessWho.NO_RIGHTS, AccessWho.READER, AccessWho.WRITER, AccessWho.BOTH),
  LOGIN(AccessWho.NO_RIGHTS, AccessWho.READER, AccessWho.WRITER, AccessWho.BOTH),
  /** To read keys between m and n. */
  READ(AccessWho.READER, AccessWho.BOTH),
  /** To write keys between m and n. */
  WRITE(AccessWho.WRITER, AccessWho.BOTH),
  READ_AND_WRITE(AccessWho.BOTH),
  /** To be this very user. */
  READER_ITSELF(AccessWho.READER),
  /** Keys for which nobody but root has a right. */
  OTHER_KEYS,
  ROOT;

  static final String OK = "OK";
  private static final String NO_NAME = "INVALID_ARGUMENT etcdserver: user name is empty";
  private static final String NO_TOKEN = "UNAUTHENTICATED etcdserver: invalid auth token";
  private static final String DENIED = "PERMISSION_DENIED etcdserver: permission denied";

  private final Set<AccessWho> users = EnumSet.of(AccessWho.ROOT);

  AccessNeed(AccessWho... users) {
    this.users.addAll(Set.of(users));
  }

  /** The code and the text of a refusal; {@link #OK} for none. */
  String verdict(AccessWho who) {
    if (this == OPEN || users.contains(who)) {
      return OK;
    }
    return switch (who) {
      case NOBODY -> NO_NAME;
      case BAD_TOKEN, EXPIRED_TOKEN -> NO_TOKEN;
      case NO_RIGHTS, READER, WRITER, BOTH, ROOT -> DENIED;
    };
  }
}
