package io.balsa.auth;

/**
 * Bounds on what the replicated state holds about users. They decide which commands are refused, so
 * they are constants of the state machine.
 *
 * @param users the most users
 * @param roles the most roles
 * @param permissionsOfRole the most permissions in one role
 * @param permissions the most permissions in all roles together
 * @param grants the most roles of all users together
 * @param bytes the most bytes of names, hashes and ranges together
 * @param tokensOfUser the most tokens of one user; beyond, the user's oldest one goes
 * @param tokens the most tokens; beyond, the oldest one goes
 */
public record AuthLimits(
    int users,
    int roles,
    int permissionsOfRole,
    int permissions,
    int grants,
    long bytes,
    int tokensOfUser,
    int tokens) {
  /** The limits of every cluster. */
  public static final AuthLimits DEFAULT =
      new AuthLimits(
          /* users= */ 10_000,
          /* roles= */ 10_000,
          /* permissionsOfRole= */ 10_000,
          /* permissions= */ 100_000,
          /* grants= */ 100_000,
          /* bytes= */ 32 << 20,
          /* tokensOfUser= */ 1_000,
          /* tokens= */ 100_000);
}
