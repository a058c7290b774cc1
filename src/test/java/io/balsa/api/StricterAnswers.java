package io.balsa.api;

/** Answers of Balsa that differ on purpose, while users are in force. */
final class StricterAnswers {
  private static final String BAD_TOKEN = "etcdserver: invalid auth token";
  private static final String NO_USER = "etcdserver: user name is empty";

  private StricterAnswers() {}

  /**
   * Whether Balsa's other answer is right, too. Balsa looks at who asks before it looks at the
   * request, so that a stranger makes no work. etcd may first find that the request is invalid.
   */
  static boolean differRightly(Step step, String etcd, String balsa) {
    return step instanceof Step.As
        && (balsa.contains(BAD_TOKEN) || balsa.contains(NO_USER))
        && isInvalid(etcd);
  }

  private static boolean isInvalid(String answer) {
    return answer.startsWith("INVALID_ARGUMENT") || answer.startsWith("http 400 {\"code\":3,");
  }
}
