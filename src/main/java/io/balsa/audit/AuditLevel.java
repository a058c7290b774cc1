package io.balsa.audit;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Which requests the trail records; each level has all of the one before. */
public enum AuditLevel {
  NONE,
  /** Requests that were refused because of who asked. */
  DENIALS,
  /** Requests that change something, logins, and backups. */
  WRITES,
  /** All requests but keep-alives and health checks. */
  ALL;

  /** The level of a word such as {@code writes}. */
  public static Optional<AuditLevel> of(String word) {
    return Stream.of(values()).filter(level -> level.word().equals(word)).findFirst();
  }

  /** The word for it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether records of another level are written at this one. */
  public boolean has(AuditLevel other) {
    return compareTo(other) >= 0 && other != NONE;
  }
}
